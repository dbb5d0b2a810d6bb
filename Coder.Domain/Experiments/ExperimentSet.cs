namespace Coder.Domain.Experiments;

/// <summary>The experiments that are on, in the order in which the operator named them. Fixed for the life of the process.</summary>
public sealed class ExperimentSet
{
    private readonly HashSet<string> _values;

    private ExperimentSet(IReadOnlyList<Experiment> enabled)
    {
        Enabled = enabled;
        _values = enabled.Select(e => e.Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Nothing is switched on.</summary>
    public static ExperimentSet None { get; } = new([]);

    /// <summary>What is switched on, unknown values included.</summary>
    public IReadOnlyList<Experiment> Enabled { get; }

    /// <summary>Reads the setting (docs/spec/mcp.md, section 3.1).</summary>
    /// <param name="text">Comma-separated values; <c>*</c> stands for all safe ones at its place.</param>
    /// <returns>The set, and one warning for each value that is unknown or not meant for everybody.</returns>
    public static (ExperimentSet Set, IReadOnlyList<string> Warnings) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var enabled = new List<Experiment>();
        var warnings = new List<string>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var experiment in entry == "*" ? Experiment.Safe : [new Experiment(entry.ToLowerInvariant())])
            {
                if (enabled.Contains(experiment))
                {
                    continue;
                }

                enabled.Add(experiment);
                if (!experiment.IsKnown)
                {
                    warnings.Add(ExperimentMessages.Unknown(experiment));
                }
                else if (!Experiment.Safe.Contains(experiment))
                {
                    warnings.Add(ExperimentMessages.Hidden(experiment));
                }
            }
        }

        return (new ExperimentSet(enabled), warnings);
    }

    /// <summary>Whether an experiment is switched on; the comparison is exact.</summary>
    public bool Has(string value) => _values.Contains(value);

    /// <summary>What is required and not switched on, in the order of <paramref name="required"/>.</summary>
    public IReadOnlyList<Experiment> Missing(IReadOnlyList<Experiment> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        return [.. required.Where(e => !Has(e.Value))];
    }
}
