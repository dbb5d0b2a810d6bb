using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coder.Domain.AuditLogs;

/// <summary>What a write changed: <c>{field: {old, new, secret}}</c> (docs/spec/connection-logs.md, section 7.4).</summary>
public static class AuditDiff
{
    /// <summary>Compares two snapshots of one resource.</summary>
    /// <param name="before"><see langword="null"/> when the resource was made.</param>
    /// <param name="after"><see langword="null"/> when the resource was deleted.</param>
    /// <returns>
    /// The changed fields in the order of their names. A snapshot that does not exist counts as all fields empty; a secret shows empty
    /// texts on both sides.
    /// </returns>
    public static JsonObject Of(AuditSnapshot? before, AuditSnapshot? after)
    {
        JsonObject diff = [];
        if ((before ?? after) is not { } known)
        {
            return diff;
        }

        foreach (var field in AuditedResources.Of(known.Type).Fields)
        {
            if (field.Tracking == AuditTracking.Ignored || !Values(before, after, field.Name, out var old, out var now) || JsonNode.DeepEquals(old, now))
            {
                continue;
            }

            var isSecret = field.Tracking == AuditTracking.Secret;
            diff[field.Name] = new JsonObject
            {
                ["old"] = isSecret ? "" : old?.DeepClone(),
                ["new"] = isSecret ? "" : now?.DeepClone(),
                ["secret"] = isSecret,
            };
        }

        return diff;
    }

    private static bool Values(AuditSnapshot? before, AuditSnapshot? after, string field, out JsonNode? old, out JsonNode? now)
    {
        old = null;
        now = null;
        if (before is not null && !before.Fields.TryGetValue(field, out old))
        {
            return false;
        }

        if (after is not null && !after.Fields.TryGetValue(field, out now))
        {
            return false;
        }

        old = before is null ? Empty(now) : old;
        now = after is null ? Empty(old) : now;
        return true;
    }

    private static JsonNode? Empty(JsonNode? like) => like?.GetValueKind() switch
    {
        JsonValueKind.String => "",
        JsonValueKind.Number => 0,
        JsonValueKind.True or JsonValueKind.False => false,
        JsonValueKind.Array => new JsonArray(),
        JsonValueKind.Object => new JsonObject(),
        _ => null,
    };
}
