using System.Collections.Frozen;

namespace Coder.Domain.AuditLogs;

/// <summary>What the audit log does with a field of a resource.</summary>
public enum AuditTracking
{
    /// <summary>A change shows both values.</summary>
    Tracked,

    /// <summary>A change shows that there was one, and no value.</summary>
    Secret,

    /// <summary>A change is not shown.</summary>
    Ignored,
}

/// <summary>One field of an audited resource.</summary>
/// <param name="Name">The name in the diff.</param>
/// <param name="Tracking">What a change of it shows.</param>
public sealed record AuditedField(string Name, AuditTracking Tracking);

/// <summary>One kind of resource with what is recorded about it.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Actions">Everything that is recorded of it.</param>
/// <param name="Fields">Its fields in the order of their names.</param>
public sealed record AuditedResource(
    AuditResourceType Type, IReadOnlyList<AuditAction> Actions, IReadOnlyList<AuditedField> Fields);

/// <summary>
/// The table of what is audited. It decides on the diff of every entry, and the documentation is made from it. Connections to agents and
/// applications are not in it: they have a log of their own (docs/spec/connection-logs.md, section 9).
/// </summary>
public static class AuditedResources
{
    private static readonly FrozenDictionary<AuditResourceType, AuditedResource> ByType =
        AccountResources.All.Concat(GroupResources.All).Concat(TemplateResources.All).Concat(WorkspaceResources.All)
            .ToFrozenDictionary(r => r.Type);

    /// <summary>All audited resources, in the order of their names.</summary>
    public static IReadOnlyList<AuditedResource> All { get; } =
        [.. ByType.Values.OrderBy(r => r.Type.WireName(), StringComparer.Ordinal)];

    /// <summary>The entry of a kind of resource.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not audited.</exception>
    public static AuditedResource Of(AuditResourceType type) =>
        ByType.TryGetValue(type, out var found) ? found : throw new ArgumentOutOfRangeException(nameof(type), type, "not an audited resource");

    internal static AuditedResource Resource(AuditResourceType type, AuditAction[] actions, params (string Name, AuditTracking Tracking)[] fields) =>
        new(type, actions, [.. fields.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new AuditedField(f.Name, f.Tracking))]);
}
