using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>How many users had each status on each of the last days (<see cref="StatusHistory.ReportedDays"/>).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="HoursFromUtc">Where the reader's days begin.</param>
[RequiresPermission(ResourceType.User, PermissionAction.Read)]
public sealed record GetUserStatusCounts(Actor Actor, int HoursFromUtc)
    : IQuery<IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>>>, IActorRequest;

internal sealed class GetUserStatusCountsHandler(IAccountStore accounts, TimeProvider time)
    : IRequestHandler<GetUserStatusCounts, Result<IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>>>>
{
    public async Task<Result<IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>>>> Handle(
        GetUserStatusCounts request, CancellationToken cancellationToken)
    {
        var days = StatusHistory.Days(time.GetUtcNow(), TimeSpan.FromHours(request.HoursFromUtc));
        DateTimeOffset[] ends = [.. days.Select(day => day.AddDays(1))];
        var changes = await accounts.StatusChangesAsync(ends, cancellationToken);
        return Result<IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>>>.From(StatusHistory.Sum(days, changes));
    }
}
