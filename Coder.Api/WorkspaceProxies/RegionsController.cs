using Coder.Api.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.WorkspaceProxies;

/// <summary>Where users can connect.</summary>
[Route("api/v2/regions")]
[Tags("Workspace proxies")]
internal sealed class RegionsController(ISender sender, ProxyPresenter presenter) : CoderController(sender)
{
    /// <summary>List regions.</summary>
    /// <response code="200">The deployment itself, as the primary region.</response>
    [HttpGet]
    [ProducesResponseType<RegionsJson>(StatusCodes.Status200OK)]
    public IActionResult List() => Ok(presenter.Regions());
}
