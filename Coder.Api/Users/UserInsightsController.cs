using System.ComponentModel.DataAnnotations;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Users;

/// <summary>Reports about users.</summary>
[Route("api/v2/insights")]
[Tags("Insights")]
internal sealed class UserInsightsController(ISender sender) : CoderController(sender)
{
    // The time zones of the world, from Baker Island to the Line Islands.
    private const int West = -12;
    private const int East = 14;

    /// <summary>Count users by status.</summary>
    /// <remarks>One count for each of the last 61 days, today included.</remarks>
    /// <param name="tz_offset">How many hours your midnight is from that of UTC; positive in the east.</param>
    /// <response code="200">The counts, by status.</response>
    /// <response code="400">The offset is missing or can not be read.</response>
    /// <response code="403">You may not see all users.</response>
    [HttpGet("user-status-counts")]
    [RequiresPermission(ResourceType.User, PermissionAction.Read)]
    [ProducesResponseType<UserStatusCountsJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> GetUserStatusCounts([Required, DocumentedAs(typeof(int))] string? tz_offset)
    {
        var query = new QueryReader(Request.Query);
        return SendAsync(
            query.Finish(query.Required(nameof(tz_offset), West, East)),
            hours => new GetUserStatusCounts(Actor, hours),
            counts => Ok(UserStatusCountsJson.From(counts)));
    }
}
