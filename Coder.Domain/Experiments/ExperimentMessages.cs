namespace Coder.Domain.Experiments;

/// <summary>The texts about experiments, for callers and for the log (docs/spec/mcp.md, sections 3.1 and 3.3).</summary>
public static class ExperimentMessages
{
    /// <summary>What a caller is told who needs experiments that are off.</summary>
    /// <param name="required">All that the endpoint requires, also those that are on; at least one.</param>
    public static string Refusal(IReadOnlyList<Experiment> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        return required.Count == 1
            ? $"{required[0].DisplayName} functionality requires enabling the '{required[0].Value}' experiment."
            : $"This functionality requires enabling the following experiments: {string.Join(", ", required)}";
    }

    /// <summary>The warning about a value that this version does not know; it proposes the one that was probably meant.</summary>
    public static string Unknown(Experiment experiment) => Nearest(experiment.Value) is { } nearest
        ? $"ignoring unknown experiment \"{experiment}\"; did you mean \"{nearest}\"?"
        : $"ignoring unknown experiment \"{experiment}\"";

    /// <summary>The warning about an experiment that is not safe.</summary>
    public static string Hidden(Experiment experiment) =>
        $"opted into the hidden experiment \"{experiment}\" ({experiment.DisplayName}); it may change or end without notice";

    // At most a third of the letters may differ, or anything would be near to something.
    private static string? Nearest(string value)
    {
        var (nearest, distance) = Experiment.Known.Select(e => (e.Value, Distance(value, e.Value))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, value.Length / 3) ? nearest : null;
    }

    /// <summary>How many letters must be added, removed or replaced.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
