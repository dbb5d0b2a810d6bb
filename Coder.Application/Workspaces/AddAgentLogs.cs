using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Takes lines of an agent's log (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Agent">Who reports.</param>
/// <param name="Source">Where the lines come from; empty for nowhere in particular.</param>
/// <param name="Lines">The lines, in their order.</param>
public sealed record AddAgentLogs(AgentSession Agent, string Source, IReadOnlyList<NewAgentLog> Lines) : ICommand<Done>;

/// <summary>A line as an agent sends it.</summary>
/// <param name="CreatedAt">When it was written; now if it is left out.</param>
/// <param name="Level">A level; <c>info</c> if it is empty.</param>
/// <param name="Output">The text.</param>
public sealed record NewAgentLog(DateTimeOffset? CreatedAt, string Level, string Output);

internal sealed class AddAgentLogsHandler(IAgentLogStore logs, TimeProvider time) : IRequestHandler<AddAgentLogs, Result<Done>>
{
    private static readonly Error None = new(ErrorKind.Invalid, "No logs provided.");
    private static readonly Error TooMuch = new(
        ErrorKind.TooLarge, "Logs limit exceeded", "The log of an agent holds 1 MiB. No more lines are taken from this agent.");

    public async Task<Result<Done>> Handle(AddAgentLogs request, CancellationToken cancellationToken)
    {
        if (request.Lines.Count == 0)
        {
            return None;
        }

        var source = Guid.Empty;
        if (request.Source.Length > 0 && !Guid.TryParseExact(request.Source, "D", out source))
        {
            return Error.ValidationFailed([new FieldError("log_source_id", "It must be a UUID.")]);
        }

        var now = time.GetUtcNow();
        var lines = new List<AgentLogLine>(request.Lines.Count);
        foreach (var line in request.Lines)
        {
            var level = LogLevel.Info;
            if (line.Level.Length > 0 && !LogLevels.TryParse(line.Level, out level))
            {
                return new Error(
                    ErrorKind.Invalid, "Invalid log level provided.", $"\"{line.Level}\" is none of trace, debug, info, warn and error.");
            }

            lines.Add(new AgentLogLine((line.CreatedAt is { Year: > 1 } at ? at : now).ToMicroseconds(), level, line.Output));
        }

        return await logs.AppendAsync(request.Agent.AgentId, source, AgentLogBatch.Of(lines), cancellationToken) ? Done.Value : TooMuch;
    }
}
