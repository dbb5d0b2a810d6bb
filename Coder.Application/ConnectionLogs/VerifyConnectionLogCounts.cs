using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>Compares the stored numbers of the connection log with its rows. Events may arrive meanwhile.</summary>
public sealed record VerifyConnectionLogCounts : IQuery<IReadOnlyList<ConnectionLogDrift>>;

internal sealed class VerifyConnectionLogCountsHandler(IConnectionLogUpkeep upkeep)
    : IRequestHandler<VerifyConnectionLogCounts, Result<IReadOnlyList<ConnectionLogDrift>>>
{
    public async Task<Result<IReadOnlyList<ConnectionLogDrift>>> Handle(
        VerifyConnectionLogCounts request, CancellationToken cancellationToken) =>
        Result<IReadOnlyList<ConnectionLogDrift>>.From(await upkeep.FindDriftAsync(cancellationToken));
}
