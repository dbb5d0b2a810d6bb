using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>
/// Deletes daemons that were not seen for a week and work on nothing, of which each new container of a server leaves some
/// (docs/spec/workspaces.md, section 3.5). Their jobs keep their ids.
/// </summary>
/// <remarks>Only the server itself sends it.</remarks>
public sealed record ForgetDaemons : ICommand<int>;

internal sealed class ForgetDaemonsHandler(IDaemonStore daemons, TimeProvider time) : IRequestHandler<ForgetDaemons, Result<int>>
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    public async Task<Result<int>> Handle(ForgetDaemons request, CancellationToken cancellationToken) =>
        await daemons.ForgetAsync(time.GetUtcNow().ToMicroseconds() - Remembered, cancellationToken);
}
