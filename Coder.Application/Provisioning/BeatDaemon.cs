using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>A daemon says that it is there.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
public sealed record BeatDaemon(DaemonCaller Caller, string Daemon) : ICommand<Done>;

internal sealed class BeatDaemonHandler(DaemonAccess access) : IRequestHandler<BeatDaemon, Result<Done>>
{
    public async Task<Result<Done>> Handle(BeatDaemon request, CancellationToken cancellationToken) =>
        (await access.FindAsync(request.Caller, request.Daemon, cancellationToken)).Is(out _, out var error) ? Done.Value : error;
}
