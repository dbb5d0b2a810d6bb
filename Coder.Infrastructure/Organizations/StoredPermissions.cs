using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;

namespace Coder.Infrastructure.Organizations;

/// <summary>Permissions of custom roles as the database keeps them: <c>[{"negate", "resource_type", "action"}]</c>.</summary>
internal static class StoredPermissions
{
    public static IReadOnlyList<PermissionRule> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    public static IReadOnlyList<PermissionRule> Read(JsonElement permissions) => [.. permissions.EnumerateArray().SelectMany(ReadRule)];

    public static string Write(IEnumerable<PermissionRule> rules) => new JsonArray([.. rules.Select(WriteRule)]).ToJsonString();

    // A stored permission that this version does not know any more grants nothing.
    private static IEnumerable<PermissionRule> ReadRule(JsonElement rule) =>
        PermissionRule.TryParse(
            rule.GetProperty("negate").GetBoolean(),
            rule.GetProperty("resource_type").GetString(),
            rule.GetProperty("action").GetString(),
            out var known) ? [known] : [];

    private static JsonObject WriteRule(PermissionRule rule) => new()
    {
        ["negate"] = rule.Negate,
        ["resource_type"] = rule.Type?.WireName() ?? "*",
        ["action"] = rule.Action?.WireName() ?? "*",
    };
}
