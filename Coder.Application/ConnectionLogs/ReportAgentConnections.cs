using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>Takes reports of an agent about sessions (docs/spec/connection-logs.md, sections 4.3 and 7.2). Success means committed.</summary>
/// <param name="Agent">Who reports; the reports can be about nothing else.</param>
/// <param name="Reports">In the order in which things happened; all are stored or none.</param>
/// <param name="IsList">Whether fields are named by their place in a list.</param>
public sealed record ReportAgentConnections(AgentSession Agent, IReadOnlyList<AgentConnectionInput?> Reports, bool IsList) : ICommand<Done>;

/// <summary>A report as an agent sends it.</summary>
/// <param name="Id">The id of the session.</param>
/// <param name="Action"><c>connect</c> or <c>disconnect</c>.</param>
/// <param name="Type">One of the session types.</param>
/// <param name="Timestamp">When; now if it is left out.</param>
/// <param name="Ip">Where it came from.</param>
/// <param name="StatusCode">The exit code of a session that ended.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record AgentConnectionInput(
    string? Id, string? Action, string? Type, DateTimeOffset? Timestamp, string? Ip, int? StatusCode, string? Reason);

internal sealed class ReportAgentConnectionsHandler(IConnectionLogger connections, IIds ids, TimeProvider time)
    : IRequestHandler<ReportAgentConnections, Result<Done>>
{
    public async Task<Result<Done>> Handle(ReportAgentConnections request, CancellationToken cancellationToken)
    {
        var fields = new ReportFields();
        var reports = Read(request, fields);
        if (fields.Error is { } error)
        {
            return error;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        return await connections.UpsertAsync(
            [.. reports.Select(report => report.ToEvent(ids.Sequential(), request.Agent.Place, now))], cancellationToken);
    }

    private static AgentReport[] Read(ReportAgentConnections request, ReportFields fields) => fields.Fits(request.Reports.Count)
        ? [.. request.Reports.Select((report, i) => Read(report, request.IsList ? $"connections[{i}]." : "", fields))]
        : [];

    private static AgentReport Read(AgentConnectionInput? report, string prefix, ReportFields fields)
    {
        if (report?.Action is not ("connect" or "disconnect"))
        {
            fields.Refuse($"{prefix}action", "It must be one of connect and disconnect.");
        }

        return new AgentReport(
            fields.Id($"{prefix}id", report?.Id),
            report?.Action == "disconnect" ? ConnectionStatus.Disconnected : ConnectionStatus.Connected,
            fields.Type($"{prefix}type", report?.Type, ofSessions: true),
            report?.Timestamp,
            report?.Ip,
            report?.StatusCode,
            report?.Reason);
    }
}
