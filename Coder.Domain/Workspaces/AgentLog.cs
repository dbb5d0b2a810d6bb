using Coder.Domain.Provisioning;

namespace Coder.Domain.Workspaces;

/// <summary>A line of an agent's log.</summary>
/// <param name="CreatedAt">When it was written, as the agent says.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Output">The text.</param>
public sealed record AgentLogLine(DateTimeOffset CreatedAt, LogLevel Level, string Output);

/// <summary>Lines as they are stored.</summary>
/// <param name="Lines">Each short enough.</param>
/// <param name="Length">The sum of their texts, in bytes of UTF-8; an empty line counts as one.</param>
public sealed record AgentLogBatch(IReadOnlyList<AgentLogLine> Lines, int Length)
{
    /// <summary>The largest sum of all output of an agent: 1 MiB of UTF-8 (docs/spec/workspaces.md, section 7.4).</summary>
    public const int MaximumLog = 1 << 20;

    /// <summary>Splits lines that are too long, and puts U+FFFD in place of NUL, which a database can not hold.</summary>
    public static AgentLogBatch Of(IEnumerable<AgentLogLine> lines)
    {
        AgentLogLine[] stored =
        [
            .. lines.SelectMany(line => JobLog.Split(JobLog.WithoutNul(line.Output)).Select(part => line with { Output = part })),
        ];
        return new AgentLogBatch(stored, stored.Sum(line => JobLog.Weight(line.Output)));
    }
}
