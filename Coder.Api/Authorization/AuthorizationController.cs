using Coder.Api.Http;
using Coder.Application.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Authorization;

/// <summary>What the caller may do.</summary>
[Route("api/v2/authcheck")]
[Tags("Authorization")]
internal sealed class AuthorizationController(ISender sender) : CoderController(sender)
{
    private static readonly AuthorizationCheckJson Nothing = new(null, null);

    /// <summary>Check what you may do.</summary>
    /// <remarks>
    /// Answers every question by its name. What does not exist, what you may not see, and a type or an action that this server does not
    /// know are all answered with no.
    /// </remarks>
    /// <response code="200">The answers by name.</response>
    /// <response code="400">A question has no type, or names an object in a way that is not possible.</response>
    [HttpPost]
    [ProducesResponseType<IReadOnlyDictionary<string, bool>>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> Check([FromBody] AuthorizationRequestJson body) => SendAsync(
        new CheckAuthorization(
            Actor,
            (body.Checks ?? new Dictionary<string, AuthorizationCheckJson?>(StringComparer.Ordinal))
                .ToDictionary(c => c.Key, c => (c.Value ?? Nothing).ToCheck(), StringComparer.Ordinal)),
        Ok);
}
