using System.Text;

namespace Coder.Domain.Provisioning;

/// <summary>One line of a job's log.</summary>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Stage">What the job was busy with; at most 128 characters.</param>
/// <param name="Output">The text; at most <see cref="JobLog.MaximumOutput"/> characters once <see cref="JobLog.Append"/> took it.</param>
public sealed record JobLogLine(DateTimeOffset CreatedAt, LogSource Source, LogLevel Level, string Stage, string Output);

/// <summary>What to write after lines came in.</summary>
/// <param name="Lines">The lines to store, in this order.</param>
/// <param name="Length">The new sum of what the stored lines count, see <see cref="JobLog.Weight"/>.</param>
/// <param name="Overflowed">Whether the log is full, and stays so.</param>
public sealed record JobLogAppend(IReadOnlyList<JobLogLine> Lines, int Length, bool Overflowed);

/// <summary>The size limits of a job's log (docs/spec/workspaces.md, section 3.3).</summary>
public static class JobLog
{
    /// <summary>The longest stored line, in UTF-16 characters.</summary>
    public const int MaximumOutput = 1024;

    /// <summary>The longest name of a stage, in UTF-16 characters; longer ones are cut.</summary>
    public const int MaximumStage = 128;

    /// <summary>The largest sum of all output of a job: 1 MiB of UTF-8.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>The one line that is written when the log is full.</summary>
    public const string OverflowText =
        "Provisioner logs exceeded the max size of 1MB. Will not continue to write provisioner logs for workspace build.";

    /// <summary>Decides what of the incoming lines is stored. Nobody is refused: what does not fit is dropped.</summary>
    /// <param name="length">The bytes stored so far.</param>
    /// <param name="overflowed">Whether the log was full before.</param>
    /// <param name="lines">The new lines, of any length.</param>
    public static JobLogAppend Append(int length, bool overflowed, IEnumerable<JobLogLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var stored = new List<JobLogLine>();
        if (overflowed)
        {
            return new JobLogAppend(stored, length, true);
        }

        foreach (var line in lines.Select(Storable))
        {
            foreach (var part in Split(line.Output))
            {
                var bytes = Weight(part);
                if (length + bytes > MaximumLength)
                {
                    // It is not counted, for the limit holds what the job wrote.
                    stored.Add(line with { Source = LogSource.ProvisionerDaemon, Level = LogLevel.Warn, Output = OverflowText });
                    return new JobLogAppend(stored, length, true);
                }

                length += bytes;
                stored.Add(line with { Output = part });
            }
        }

        return new JobLogAppend(stored, length, false);
    }

    /// <summary>Cuts a text into pieces of at most <see cref="MaximumOutput"/> characters that give the text again when joined.</summary>
    /// <remarks>A character that takes two UTF-16 units is never torn; the empty text is one empty piece.</remarks>
    public static IEnumerable<string> Split(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Length <= MaximumOutput ? [output] : Pieces(output);
    }

    /// <summary>What a line counts: its bytes of UTF-8, and at least one, so that there is an end to empty lines too.</summary>
    public static int Weight(string output) => Math.Max(1, Encoding.UTF8.GetByteCount(output));

    /// <summary>Puts U+FFFD in the place of NUL, which a database can not hold.</summary>
    public static string WithoutNul(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace('\0', '\uFFFD');
    }

    private static JobLogLine Storable(JobLogLine line) => line with
    {
        Stage = WithoutNul(line.Stage.Length <= MaximumStage ? line.Stage : line.Stage[..End(line.Stage, 0, MaximumStage)]),
        Output = WithoutNul(line.Output),
    };

    private static IEnumerable<string> Pieces(string output)
    {
        for (var start = 0; start < output.Length;)
        {
            var end = End(output, start, MaximumOutput);
            yield return output[start..end];
            start = end;
        }
    }

    private static int End(string text, int start, int maximum)
    {
        var end = Math.Min(start + maximum, text.Length);
        return end < text.Length && char.IsSurrogatePair(text[end - 1], text[end]) ? end - 1 : end;
    }
}
