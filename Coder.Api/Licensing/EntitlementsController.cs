using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Application.Licensing;
using Coder.Application.Users;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Licensing;

/// <summary>What the licenses give.</summary>
[Route("api/v2/entitlements")]
[Tags("Licenses")]
internal sealed class EntitlementsController(ISender sender, EntitlementsBody body) : CoderController(sender)
{
    /// <summary>Get entitlements.</summary>
    /// <remarks>
    /// Needs no session. Anonymous callers see which features there are; warnings, errors and how much is used are for signed-in users.
    /// </remarks>
    /// <response code="200">All features, always.</response>
    [HttpGet]
    [OptionalAuthentication]
    [ProducesResponseType<EntitlementsJson>(StatusCodes.Status200OK)]
    public Task<IActionResult> Get() => SendAsync(
        new GetEntitlements(), entitlements => body.For(entitlements, isAnonymous: HttpContext.Features.Get<Session>() is null));
}
