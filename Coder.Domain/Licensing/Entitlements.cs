using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Licensing;

/// <summary>
/// What all licenses together allow, and what to warn about: the answer of <see cref="LicenseEvaluator"/>. Immutable, so that readers
/// need no lock. It holds until <see cref="NextChangeAt"/>, as long as licenses, usage and switches stay the same.
/// </summary>
public sealed class Entitlements
{
    private readonly FeatureTable _features;

    internal Entitlements(ImmutableArray<Feature> features) => _features = new FeatureTable(features);

    /// <summary>All features in catalogue order.</summary>
    public IReadOnlyDictionary<FeatureName, Feature> Features => _features;

    /// <summary>What an operator should know and can still act on, in the order of docs/spec/licensing.md, rule 4.8.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>What is wrong with licenses, or does not work for lack of one.</summary>
    public IReadOnlyList<string> Errors { get; internal init; } = [];

    /// <summary>Whether at least one license is in force, grace included.</summary>
    public bool HasLicense { get; internal init; }

    /// <summary>Whether all licenses in force are trials.</summary>
    public bool Trial { get; internal init; }

    /// <summary>Whether a license in force requires telemetry.</summary>
    public bool RequireTelemetry { get; internal init; }

    /// <summary>
    /// The last instant of the term that licenses without a gap between them cover, grace periods not counted; <see langword="null"/>
    /// outside of such a term and at its end (docs/spec/licensing.md, rule 4.7).
    /// </summary>
    public DateTimeOffset? TermEnd { get; internal init; }

    /// <summary>The instant for which this was evaluated.</summary>
    public DateTimeOffset RefreshedAt { get; internal init; }

    /// <summary>
    /// The first instant after <see cref="RefreshedAt"/> at which the same input gives another answer, to the tick of 100 ns;
    /// <see langword="null"/> when there is none.
    /// </summary>
    /// <remarks>Grace starts strictly after the term, so that such an instant is one tick after a full second.</remarks>
    public DateTimeOffset? NextChangeAt { get; internal init; }

    /// <summary>One feature.</summary>
    public Feature this[FeatureName feature] => _features[feature];

    /// <summary>Whether the feature works. Gates ask this on every request: no allocation, no lookup.</summary>
    public bool IsEnabled(FeatureName feature) => _features.IsEnabled(feature);

    private sealed class FeatureTable(ImmutableArray<Feature> features) : IReadOnlyDictionary<FeatureName, Feature>
    {
        private readonly ImmutableArray<Feature> _features = features;

        public int Count => _features.Length;

        public IEnumerable<FeatureName> Keys => FeatureNames.All;

        public IEnumerable<Feature> Values => _features;

        public Feature this[FeatureName key] => _features[(int)key];

        public bool IsEnabled(FeatureName feature) => _features.AsSpan()[(int)feature].Enabled;

        public bool ContainsKey(FeatureName key) => (uint)key < (uint)_features.Length;

        public bool TryGetValue(FeatureName key, [MaybeNullWhen(false)] out Feature value)
        {
            var found = ContainsKey(key);
            value = found ? _features[(int)key] : default;
            return found;
        }

        public IEnumerator<KeyValuePair<FeatureName, Feature>> GetEnumerator()
        {
            foreach (var name in FeatureNames.All)
            {
                yield return new KeyValuePair<FeatureName, Feature>(name, this[name]);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
