using Coder.Domain.Experiments;

namespace Coder.Api.Experiments;

/// <summary>
/// All these experiments must be on, or the answer is 403; judged after authentication and before anything else
/// (docs/spec/mcp.md, section 3.3).
/// Stands on controllers and actions, and as metadata on mapped endpoints.
/// </summary>
/// <param name="experiments">Values such as <see cref="Experiment.OAuth2"/>, at least one, in the order in which callers read them.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequireExperimentsAttribute(params string[] experiments) : Attribute
{
    /// <summary>What is required.</summary>
    public IReadOnlyList<Experiment> Experiments { get; } = [.. experiments.Select(value => new Experiment(value))];

    /// <summary>Whether nothing is required while the host environment is Development.</summary>
    public bool IsOpenInDevelopment { get; init; }
}
