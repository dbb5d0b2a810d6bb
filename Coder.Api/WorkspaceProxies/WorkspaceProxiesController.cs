using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.WorkspaceProxies;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.WorkspaceProxies;

/// <summary>Proxies that carry connections to workspaces.</summary>
[Route("api/v2/workspaceproxies")]
[Tags("Workspace proxies")]
internal sealed class WorkspaceProxiesController(ISender sender, ProxyPresenter presenter) : CoderController(sender)
{
    /// <summary>List proxies.</summary>
    /// <remarks>The deployment itself is the first of them, named primary. Needs no license.</remarks>
    /// <response code="200">The proxies that you may see.</response>
    [HttpGet]
    [ProducesResponseType<WorkspaceProxiesJson>(StatusCodes.Status200OK)]
    public Task<IActionResult> List() => SendAsync(new ListWorkspaceProxies(Actor), proxies => Ok(presenter.Present(proxies)));

    /// <summary>Add a proxy.</summary>
    /// <remarks>The token in the answer is shown this once.</remarks>
    /// <response code="201">The proxy was added.</response>
    /// <response code="400">A field breaks its rules, or the name is that of the primary.</response>
    /// <response code="403">You may not add proxies, or the feature is not licensed.</response>
    /// <response code="409">Another proxy has the name.</response>
    [HttpPost]
    [RequiresFeature(FeatureName.WorkspaceProxy)]
    [RecordsRefusals(AuditResourceType.WorkspaceProxy, AuditAction.Create)]
    [ProducesResponseType<UpdateWorkspaceProxyResponseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create([FromBody] CreateWorkspaceProxyRequestJson body) => SendAsync(
        new CreateWorkspaceProxy(Actor, body.Name ?? "", body.DisplayName ?? "", body.Icon ?? ""),
        created => Created(presenter.Present(created)));

    /// <summary>Get a proxy.</summary>
    /// <param name="workspaceproxy">An id, or a name without regard to case.</param>
    /// <response code="200">The proxy.</response>
    /// <response code="404">There is no such proxy, or you may not see it.</response>
    [HttpGet("{workspaceproxy}")]
    [ProducesResponseType<WorkspaceProxyJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string workspaceproxy) =>
        SendAsync(new GetWorkspaceProxy(Actor, workspaceproxy), proxy => Ok(presenter.Present(proxy)));

    /// <summary>Change a proxy.</summary>
    /// <param name="workspaceproxy">An id, or a name without regard to case.</param>
    /// <param name="body">What to change; what is absent stays.</param>
    /// <response code="200">The proxy, with its token if a new one was asked for.</response>
    /// <response code="400">A field breaks its rules, or this is the primary.</response>
    /// <response code="403">You may not change proxies, or the feature is not licensed.</response>
    /// <response code="404">There is no such proxy, or you may not see it.</response>
    /// <response code="409">Another proxy has the name.</response>
    [HttpPatch("{workspaceproxy}")]
    [RequiresFeature(FeatureName.WorkspaceProxy)]
    [RecordsRefusals(AuditResourceType.WorkspaceProxy, AuditAction.Write)]
    [ProducesResponseType<UpdateWorkspaceProxyResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update(string workspaceproxy, [FromBody] PatchWorkspaceProxyJson body) => SendAsync(
        new UpdateWorkspaceProxy(
            Actor, workspaceproxy, body.Id, body.Name ?? "", body.DisplayName, body.Icon, body.RegenerateToken ?? false),
        updated => Ok(presenter.Present(updated)));

    /// <summary>Delete a proxy.</summary>
    /// <remarks>Its token ends at once, and its name is free again.</remarks>
    /// <param name="workspaceproxy">An id, or a name without regard to case.</param>
    /// <response code="200">The proxy is gone.</response>
    /// <response code="400">This is the primary.</response>
    /// <response code="403">You may not delete proxies, or the feature is not licensed.</response>
    /// <response code="404">There is no such proxy, or you may not see it.</response>
    [HttpDelete("{workspaceproxy}")]
    [RequiresFeature(FeatureName.WorkspaceProxy)]
    [RecordsRefusals(AuditResourceType.WorkspaceProxy, AuditAction.Delete)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string workspaceproxy) =>
        SendAsync(new DeleteWorkspaceProxy(Actor, workspaceproxy), _ => Message("Proxy has been deleted!"));
}
