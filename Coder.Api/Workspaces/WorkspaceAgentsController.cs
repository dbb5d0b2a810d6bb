using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>Agents of workspaces, for those who may read the workspace.</summary>
[Route("api/v2/workspaceagents/{workspaceagent}")]
[Tags("Agents")]
internal sealed class WorkspaceAgentsController(ISender sender, AgentSockets sockets) : CoderController(sender)
{
    /// <summary>Get an agent.</summary>
    /// <param name="workspaceagent">The agent.</param>
    /// <response code="200">The agent.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such agent, or you may not read its workspace.</response>
    [HttpGet]
    [ProducesResponseType<WorkspaceAgentJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string workspaceagent) => SendAsync(
        new GetWorkspaceAgent(Actor, workspaceagent),
        found => Ok(WorkspaceAgentJson.From(
            found.Agent, new ResourceContext(found.Now, found.Place.WorkspaceName, found.Place.OwnerName))));

    /// <summary>Read the log of an agent.</summary>
    /// <remarks>
    /// With <c>follow</c> this is a WebSocket that carries lists of lines: first those that are there, then those that are added. It ends
    /// with the session and with the server.
    /// </remarks>
    /// <param name="workspaceagent">The agent.</param>
    /// <param name="before">Only lines with a smaller id; of no effect when following.</param>
    /// <param name="after">Only lines with a greater id.</param>
    /// <param name="follow">Whether to be told of further lines.</param>
    /// <param name="noCompression">Of no effect: nothing is compressed.</param>
    /// <response code="200">The lines.</response>
    /// <response code="400">The id is no UUID, a parameter can not be read, or a request to follow asks for no WebSocket.</response>
    /// <response code="403">The page that wants to follow is not one of this deployment.</response>
    /// <response code="404">There is no such agent, or you may not read its workspace.</response>
    [HttpGet("logs")]
    [ProducesResponseType<WorkspaceAgentLogJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public async Task<IActionResult> Logs(
        [DocumentedAs(typeof(Guid))] string workspaceagent,
        [FromQuery(Name = "before"), DocumentedAs(typeof(int))] string? before,
        [FromQuery(Name = "after"), DocumentedAs(typeof(int))] string? after,
        [FromQuery(Name = "follow"), DocumentedAs(typeof(bool))] string? follow,
        [FromQuery(Name = "no_compression"), DocumentedAs(typeof(bool))] string? noCompression)
    {
        AgentPlace? followed = null;
        var query = ReadLogQuery();
        var answer = query.Is(out var read, out _) && read.Follow
            ? await SendAsync(
                new FindWorkspaceAgent(Actor, workspaceagent),
                place =>
                {
                    followed = place;
                    return new EmptyResult();
                })
            : await SendAsync(query, q => new ListAgentLogs(Actor, workspaceagent, q.Range), logs => Ok(WorkspaceAgentLogJson.From(logs)));
        return followed is null ? answer : await sockets.FollowLogAsync(HttpContext, followed, read.Range.After);
    }

    /// <summary>List the ports on which something listens.</summary>
    /// <remarks>Empty as long as agents do not report them.</remarks>
    /// <param name="workspaceagent">The agent.</param>
    /// <response code="200">The ports.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such agent, or you may not read its workspace.</response>
    [HttpGet("listening-ports")]
    [ProducesResponseType<WorkspaceAgentListeningPortsResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ListeningPorts([DocumentedAs(typeof(Guid))] string workspaceagent) =>
        SendAsync(new FindWorkspaceAgent(Actor, workspaceagent), _ => Ok(new WorkspaceAgentListeningPortsResponseJson([])));

    /// <summary>List the containers beside an agent.</summary>
    /// <remarks>Empty as long as agents do not report them.</remarks>
    /// <param name="workspaceagent">The agent.</param>
    /// <param name="label">Only containers with this label; may be left out.</param>
    /// <response code="200">The containers.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such agent, or you may not read its workspace.</response>
    [HttpGet("containers")]
    [ProducesResponseType<WorkspaceAgentListContainersResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Containers(
        [DocumentedAs(typeof(Guid))] string workspaceagent, [FromQuery(Name = "label"), Required] string? label) =>
        SendAsync(new FindWorkspaceAgent(Actor, workspaceagent), _ => Ok(new WorkspaceAgentListContainersResponseJson([], [], [])));

    /// <summary>Be told of what an agent measures.</summary>
    /// <remarks>
    /// A WebSocket that carries messages of the form below. It says once that there is nothing, and is silent as long as agents do not report
    /// what they measure. It ends with the session and with the server.
    /// </remarks>
    /// <param name="workspaceagent">The agent.</param>
    /// <response code="200">The form of a message. The request itself is answered with 101.</response>
    /// <response code="400">The id is no UUID, or the request asks for no WebSocket.</response>
    /// <response code="403">The page is not one of this deployment.</response>
    /// <response code="404">There is no such agent, or you may not read its workspace.</response>
    [HttpGet("watch-metadata-ws")]
    [ProducesResponseType<AgentMetadataMessageJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public async Task<IActionResult> WatchMetadata([DocumentedAs(typeof(Guid))] string workspaceagent)
    {
        var isAllowed = false;
        var refused = await SendAsync(
            new FindWorkspaceAgent(Actor, workspaceagent),
            _ =>
            {
                isAllowed = true;
                return new EmptyResult();
            });
        return isAllowed ? await sockets.WatchMetadataAsync(HttpContext) : refused;
    }

    private Result<LogQuery> ReadLogQuery()
    {
        var query = new QueryReader(Request.Query);
        var range = new AgentLogRange(ReadId(query, "after"), ReadId(query, "before"));
        query.Flag("no_compression");
        return query.Finish(new LogQuery(range, query.Flag("follow")));
    }

    // Clients of the log ask for what comes after -1.
    private static long? ReadId(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            query.Refuse(name, $"must be a valid integer: \"{text}\" is none");
        }

        return id;
    }

    private readonly record struct LogQuery(AgentLogRange Range, bool Follow);
}
