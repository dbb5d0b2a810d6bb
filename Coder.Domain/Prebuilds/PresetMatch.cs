namespace Coder.Domain.Prebuilds;

/// <summary>A preset, as far as choosing one needs it.</summary>
/// <param name="Id">What is chosen.</param>
/// <param name="Name">Unique within the template version.</param>
/// <param name="IsDefault">At most one of a template version is.</param>
/// <param name="Parameters">The values that it sets, by parameter.</param>
public sealed record PresetCandidate(Guid Id, string Name, bool IsDefault, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Finds the preset of a build that names none (docs/spec/workspaces.md, section 9.5).</summary>
public static class PresetMatch
{
    /// <summary>Chooses the preset that says most about the given values.</summary>
    /// <param name="presets">Those of the template version.</param>
    /// <param name="values">The parameter values that the request gives.</param>
    /// <returns>
    /// The one all of whose values are given and equal, and which has the most of them; if several have, the default one, else the
    /// first by name. <see langword="null"/> when none fits. A preset without parameters always fits.
    /// </returns>
    public static PresetCandidate? Choose(IEnumerable<PresetCandidate> presets, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(presets);
        ArgumentNullException.ThrowIfNull(values);
        return presets
            .Where(preset => preset.Parameters.All(p => values.TryGetValue(p.Key, out var value) && value == p.Value))
            .OrderByDescending(preset => preset.Parameters.Count)
            .ThenByDescending(preset => preset.IsDefault)
            .ThenBy(preset => preset.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
