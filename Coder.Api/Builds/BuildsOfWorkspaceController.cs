using System.Globalization;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Builds;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Builds;

/// <summary>The builds of one workspace.</summary>
[Tags("Builds")]
internal sealed class BuildsOfWorkspaceController(ISender sender, BuildPresenter presenter) : CoderController(sender)
{
    /// <summary>List the builds of a workspace.</summary>
    /// <param name="workspace">The id of the workspace.</param>
    /// <param name="limit">How many builds at most; left out or 0 for all.</param>
    /// <param name="offset">How many builds to pass over.</param>
    /// <param name="afterId">Only builds before this one.</param>
    /// <param name="since">Only builds that were asked for after this time, in RFC 3339.</param>
    /// <response code="200">The builds, the last one first.</response>
    /// <response code="400">The id is no UUID, or a parameter can not be read.</response>
    /// <response code="404">There is no such workspace.</response>
    [HttpGet("api/v2/workspaces/{workspace}/builds")]
    [ProducesResponseType<WorkspaceBuildJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(
        [DocumentedAs(typeof(Guid))] string workspace,
        [FromQuery(Name = "limit"), DocumentedAs(typeof(int))] string? limit,
        [FromQuery(Name = "offset"), DocumentedAs(typeof(int))] string? offset,
        [FromQuery(Name = "after_id"), DocumentedAs(typeof(Guid))] string? afterId,
        [FromQuery(Name = "since"), DocumentedAs(typeof(DateTimeOffset))] string? since)
    {
        var reader = new QueryReader(Request.Query);
        var page = reader.Page();
        var from = ReadTime(reader, "since");
        return SendAsync(
            reader.Finish(page), read => new ListBuilds(Actor, workspace, read, from), builds => Ok(presenter.Show(builds)));
    }

    /// <summary>Start, stop or delete a workspace.</summary>
    /// <remarks>
    /// A workspace has one build at a time. One that no daemon ever began to build is deleted at once, whether or not there is a daemon.
    /// </remarks>
    /// <param name="workspace">The id of the workspace.</param>
    /// <param name="body">What to do.</param>
    /// <response code="201">The build waits for a daemon.</response>
    /// <response code="400">A field breaks its rules, the version can not be built, or a parameter has no valid value.</response>
    /// <response code="403">You may not do this, or your license does not allow it.</response>
    /// <response code="404">There is no such workspace.</response>
    /// <response code="406">The template version is still being imported.</response>
    /// <response code="409">The workspace is being built already.</response>
    /// <response code="410">The workspace was deleted.</response>
    [HttpPost("api/v2/workspaces/{workspace}/builds")]
    [RequestSizeLimit(BodyLimits.State)]
    [ProducesResponseType<WorkspaceBuildJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status406NotAcceptable)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status410Gone)]
    public Task<IActionResult> Create(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] CreateWorkspaceBuildRequestJson body) => SendAsync(
        new CreateBuild(Actor, workspace, body.Transition ?? "", body.ToFields()), build => Created(presenter.Show(build)));

    /// <summary>Get a build by the names of owner and workspace and its number.</summary>
    /// <param name="user">Id, username or me.</param>
    /// <param name="workspacename">The name of a workspace that is not deleted.</param>
    /// <param name="buildnumber">1 for its first build.</param>
    /// <response code="200">The build.</response>
    /// <response code="400">There is no such user, or the number is none.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("api/v2/users/{user}/workspace/{workspacename}/builds/{buildnumber}")]
    [ProducesResponseType<WorkspaceBuildJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetByNumber(string user, string workspacename, string buildnumber) =>
        SendAsync(new GetBuildByNumber(Actor, user, workspacename, buildnumber), build => Ok(presenter.Show(build)));

    /// <summary>Get the timings of the latest build of a workspace.</summary>
    /// <param name="workspace">The id of the workspace.</param>
    /// <response code="200">What was reported; lists are empty otherwise.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such workspace.</response>
    [HttpGet("api/v2/workspaces/{workspace}/timings")]
    [ProducesResponseType<WorkspaceBuildTimingsJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Timings([DocumentedAs(typeof(Guid))] string workspace) =>
        SendAsync(new GetWorkspaceTimings(Actor, workspace), timings => Ok(WorkspaceBuildTimingsJson.From(timings)));

    private static DateTimeOffset? ReadTime(QueryReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        reader.Refuse(name, $"must be a time in RFC 3339, such as 2025-01-31T12:00:00Z: \"{text}\" is none");
        return null;
    }
}
