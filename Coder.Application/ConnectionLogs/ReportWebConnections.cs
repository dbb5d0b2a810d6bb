using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Takes reports of a workspace proxy about apps and ports that were opened (docs/spec/connection-logs.md, sections 4.4 and 7.3). Success
/// means committed; the value is the number of rows, without those of sessions that were known already.
/// </summary>
/// <param name="Reports">All are taken or none.</param>
/// <param name="IsList">Whether fields are named by their place in a list.</param>
public sealed record ReportWebConnections(IReadOnlyList<WebConnectionInput?> Reports, bool IsList) : ICommand<int>;

/// <summary>A report as a proxy sends it.</summary>
/// <param name="AgentId">The agent; the workspace, its owner and its organization follow from it.</param>
/// <param name="AppId">The app; nothing for ports.</param>
/// <param name="Type">One of the web types.</param>
/// <param name="SlugOrPort">What was opened.</param>
/// <param name="UserId">Who opened it; nothing when not signed in.</param>
/// <param name="Ip">Where the request came from.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="StatusCode">The HTTP status of the answer; 200 if it is left out.</param>
/// <param name="Timestamp">When; now if it is left out.</param>
public sealed record WebConnectionInput(
    string? AgentId,
    string? AppId,
    string? Type,
    string? SlugOrPort,
    string? UserId,
    string? Ip,
    string? UserAgent,
    int? StatusCode,
    DateTimeOffset? Timestamp);

internal sealed class ReportWebConnectionsHandler(IAgentReader agents, WebConnectionRecorder recorder)
    : IRequestHandler<ReportWebConnections, Result<int>>
{
    public async Task<Result<int>> Handle(ReportWebConnections request, CancellationToken cancellationToken)
    {
        var fields = new ReportFields();
        var reports = Read(request, fields);
        if (fields.Error is { } error)
        {
            return error;
        }

        var places = await agents.PlacesAsync([.. reports.Select(r => r.Agent).Distinct()], cancellationToken);
        return reports.All(report => places.ContainsKey(report.Agent))
            ? await recorder.RecordAsync([.. reports.Select(report => report.ToOpening(places[report.Agent]))], cancellationToken)
            : Error.NotFound;
    }

    private static Report[] Read(ReportWebConnections request, ReportFields fields) => fields.Fits(request.Reports.Count)
        ? [.. request.Reports.Select((report, i) => Read(report, request.IsList ? $"connections[{i}]." : "", fields))]
        : [];

    private static Report Read(WebConnectionInput? report, string prefix, ReportFields fields)
    {
        var agent = fields.Id($"{prefix}agent_id", report?.AgentId);
        var app = fields.OptionalId($"{prefix}app_id", report?.AppId) ?? Guid.Empty;
        var type = fields.Type($"{prefix}type", report?.Type, ofSessions: false);
        var slug = fields.Text($"{prefix}slug_or_port", report?.SlugOrPort);
        var user = fields.OptionalId($"{prefix}user_id", report?.UserId);
        return new Report(agent, type == ConnectionType.PortForwarding ? WebTarget.Port(slug) : WebTarget.App(app, slug), user, report);
    }

    private sealed record Report(Guid Agent, WebTarget Target, Guid? User, WebConnectionInput? Input)
    {
        public WebOpening ToOpening(ConnectedAgent place) =>
            new(place, Agent, Target, User, Input?.Ip, Input?.UserAgent, Input?.StatusCode, Input?.Timestamp);
    }
}
