using System.Text.Json.Nodes;

namespace Coder.Domain.AuditLogs;

/// <summary>The fields of a resource at one moment, as JSON values. Fields that are left out count as unchanged.</summary>
public sealed class AuditSnapshot
{
    private readonly Dictionary<string, JsonNode?> _fields = new(StringComparer.Ordinal);

    /// <summary>Starts a snapshot.</summary>
    /// <param name="type">The kind of resource.</param>
    public AuditSnapshot(AuditResourceType type) => Type = type;

    /// <summary>The kind of resource.</summary>
    public AuditResourceType Type { get; }

    internal IReadOnlyDictionary<string, JsonNode?> Fields => _fields;

    /// <summary>Sets a field.</summary>
    /// <exception cref="ArgumentException"><see cref="AuditedResources"/> does not know the field: nobody would decide whether it is secret.</exception>
    public AuditSnapshot With(string field, JsonNode? value)
    {
        if (!AuditedResources.Of(Type).Fields.Any(f => f.Name == field))
        {
            throw new ArgumentException($"{Type.WireName()} has no audited field {field}.", nameof(field));
        }

        _fields[field] = value;
        return this;
    }

    /// <summary>Sets a field to a list of texts.</summary>
    public AuditSnapshot With(string field, IEnumerable<string> values) =>
        With(field, new JsonArray([.. values.Select(v => (JsonNode)JsonValue.Create(v))]));
}
