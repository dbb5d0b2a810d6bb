using System.Text.Json;
using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Provisioning;

/// <summary>The provisioner daemons and jobs of an organization.</summary>
[Route("api/v2/organizations/{organization}")]
[Tags("Provisioning")]
internal sealed class OrganizationProvisionersController(ISender sender) : CoderController(sender)
{
    private const string JobNames = "pending, running, succeeded, canceling, canceled, failed, unknown";

    /// <summary>List daemons.</summary>
    /// <remarks>
    /// Those that you may see, the one that was heard of last first, with what they do and did. After a week of silence one is forgotten.
    /// The names of a template are for those who may see it, or the jobs of the organization.
    /// </remarks>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="limit">How many at most: 50 unless given, never more than 1,000.</param>
    /// <param name="ids">Only these: ids with commas between them.</param>
    /// <param name="status">
    /// Only those that are offline, idle or busy, or whose current or else last job has this status. Several with commas between them.
    /// </param>
    /// <param name="tags">Only those with all these tags: a JSON object of texts.</param>
    /// <response code="200">The daemons.</response>
    /// <response code="400">A parameter can not be read.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("provisionerdaemons")]
    [ProducesResponseType<ProvisionerDaemonJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Daemons(
        string organization,
        [FromQuery(Name = "limit"), DocumentedAs(typeof(int))] string? limit,
        [FromQuery(Name = "ids")] string? ids,
        [FromQuery(Name = "status")]
        [DocumentedTexts("pending", "running", "succeeded", "canceling", "canceled", "failed", "unknown", "offline", "idle", "busy")]
        string? status,
        [FromQuery(Name = "tags")] string? tags) => SendAsync(
        Read(name => DaemonStatuses.TryParse(name, out _) || JobStatuses.TryParse(name, out _), $"{JobNames}, offline, idle, busy"),
        query => new ListDaemons(Actor, organization, query),
        list => Ok(list.Daemons.Select(daemon => ProvisionerDaemonJson.From(daemon, list.At)).ToArray()));

    /// <summary>Register a daemon.</summary>
    /// <remarks>
    /// A daemon of the same name and owner is taken up again and keeps its id. Everybody in the organization may register daemons for
    /// themselves, with the tag <c>scope</c> <c>user</c>.
    /// </remarks>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="body">The daemon.</param>
    /// <response code="200">The daemon was known already.</response>
    /// <response code="201">The daemon is new.</response>
    /// <response code="400">A field breaks its rules.</response>
    /// <response code="403">You may not register daemons for everybody.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">A daemon of the server has this name, or one that was registered with other credentials.</response>
    [HttpPost("provisionerdaemons")]
    [DaemonAuthentication]
    [ProducesResponseType<ProvisionerDaemonJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProvisionerDaemonJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Register(string organization, [FromBody] RegisterProvisionerDaemonRequestJson body) => SendAsync(
        new RegisterDaemon(
            HttpContext.Features.Get<DaemonCaller>() ?? throw new InvalidOperationException("There is no caller."),
            organization,
            body.Name ?? "",
            [.. (body.Provisioners ?? []).Select(name => name ?? "")],
            (body.Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal)).ToDictionary(tag => tag.Key, tag => tag.Value ?? "", StringComparer.Ordinal),
            body.Version ?? ""),
        registered =>
        {
            var daemon = ProvisionerDaemonJson.From(registered.Daemon, registered.Daemon.LastSeenAt ?? registered.Daemon.CreatedAt);
            return registered.IsNew ? Created(daemon) : Ok(daemon);
        });

    /// <summary>List jobs.</summary>
    /// <remarks>Those that you may see, the newest first.</remarks>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="limit">How many at most: 50 unless given, never more than 1,000.</param>
    /// <param name="ids">Only these: ids with commas between them.</param>
    /// <param name="status">Only those with this status. Several with commas between them.</param>
    /// <param name="tags">Only those with all these tags: a JSON object of texts.</param>
    /// <response code="200">The jobs.</response>
    /// <response code="400">A parameter can not be read.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("provisionerjobs")]
    [ProducesResponseType<ProvisionerJobJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Jobs(
        string organization,
        [FromQuery(Name = "limit"), DocumentedAs(typeof(int))] string? limit,
        [FromQuery(Name = "ids")] string? ids,
        [FromQuery(Name = "status"), DocumentedTexts("pending", "running", "succeeded", "canceling", "canceled", "failed", "unknown")]
        string? status,
        [FromQuery(Name = "tags")] string? tags) => SendAsync(
        Read(name => JobStatuses.TryParse(name, out _), JobNames),
        query => new ListJobs(Actor, organization, query),
        jobs => Ok(jobs.Select(ProvisionerJobJson.From).ToArray()));

    /// <summary>Get a job.</summary>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="job">The job.</param>
    /// <response code="200">The job.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such organization or job, or you may not see it.</response>
    [HttpGet("provisionerjobs/{job}")]
    [ProducesResponseType<ProvisionerJobJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Job(string organization, [DocumentedAs(typeof(Guid))] string job) =>
        SendAsync(new GetJob(Actor, organization, job), found => Ok(ProvisionerJobJson.From(found)));

    private Result<ProvisionerQuery> Read(Func<string, bool> isStatus, string statuses)
    {
        var query = new QueryReader(Request.Query);
        var limit = query.Positive("limit");
        var ids = new List<Guid>();
        foreach (var text in Items(query, "ids"))
        {
            if (Guid.TryParseExact(text, "D", out var id))
            {
                ids.Add(id);
            }
            else
            {
                query.Refuse("ids", $"must be a list of UUIDs: \"{text}\" is none");
            }
        }

        var named = Items(query, "status");
        if (named.FirstOrDefault(name => !isStatus(name)) is { } unknown)
        {
            query.Refuse("status", $"has invalid values, it must be one of {statuses}: \"{unknown}\" is none");
        }

        return query.Finish(new ProvisionerQuery(limit, ids, named, Tags(query)));
    }

    private static string[] Items(QueryReader query, string name) =>
        query.Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static Dictionary<string, string> Tags(QueryReader query)
    {
        try
        {
            return query.Text("tags") is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [] : [];
        }
        catch (JsonException)
        {
            query.Refuse("tags", "must be a JSON object of texts");
            return [];
        }
    }
}
