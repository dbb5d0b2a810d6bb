using System.Security.Cryptography;
using Coder.Application.Common;
using Coder.Domain.Templates;

namespace Coder.Application.Provisioning;

/// <summary>Gives ids and tokens to what a job leaves.</summary>
internal static class ResultPlan
{
    /// <summary>Plans resources.</summary>
    /// <param name="resources">What there is.</param>
    /// <param name="tokens">Tokens that agents of these names keep, so that running ones are not cut off.</param>
    /// <param name="ids">Makes the ids.</param>
    public static IReadOnlyList<PlannedResource> Of(
        IReadOnlyList<ManifestResource> resources, IReadOnlyDictionary<string, Guid> tokens, IIds ids) =>
    [
        .. resources.Select(resource => new PlannedResource(
            ids.Random(), resource, [.. resource.Agents.Select(agent => Agent(agent, tokens, ids))])),
    ];

    /// <summary>The agents, as daemons are told of them.</summary>
    public static AgentToken[] TokensOf(IEnumerable<PlannedResource> resources) =>
        [.. resources.SelectMany(r => r.Agents).Select(agent => new AgentToken(agent.Id, agent.Agent.Name, agent.Token))];

    /// <summary>Finds the app that shows an AI task.</summary>
    public static Guid? Find(AppReference? app, IEnumerable<PlannedResource> resources) => app is null
        ? null
        : resources.SelectMany(r => r.Agents).Where(agent => agent.Agent.Name == app.Agent)
            .SelectMany(agent => agent.Apps).FirstOrDefault(planned => planned.App.Slug == app.Slug)?.Id;

    /// <summary>The sum of what resources cost a day; a sum that is too large for the column is the largest that fits.</summary>
    public static int DailyCost(IEnumerable<ManifestResource> resources) =>
        (int)Math.Min(int.MaxValue, resources.Sum(resource => (long)resource.DailyCost));

    /// <summary>Whether one of the agents is not made by the template, which is a licensed feature.</summary>
    public static bool HasExternalAgent(IReadOnlyList<ManifestResource> resources) =>
        new TemplateManifest { Resources = resources }.HasExternalAgent;

    private static PlannedAgent Agent(ManifestAgent agent, IReadOnlyDictionary<string, Guid> tokens, IIds ids) => new(
        ids.Random(),
        agent.AuthToken ?? (tokens.TryGetValue(agent.Name, out var token) ? token : NewToken()),
        agent,
        [.. agent.Scripts.Select(script => new PlannedScript(ids.Random(), ids.Random(), script))],
        [.. agent.Apps.Select(app => new PlannedApp(ids.Random(), app))]);

    // A secret in the form of an id, and therefore not one of those that are made by counting.
    private static Guid NewToken() => new(RandomNumberGenerator.GetBytes(16));
}
