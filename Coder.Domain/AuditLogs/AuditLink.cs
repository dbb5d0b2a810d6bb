using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coder.Domain.AuditLogs;

/// <summary>Where the dashboard shows a resource (docs/spec/connection-logs.md, section 7.4).</summary>
public static class AuditLink
{
    /// <summary>Makes the link.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isDeleted">Whether the resource is gone.</param>
    /// <param name="workspaceOwner">The present owner of the workspace that a workspace or build entry is about.</param>
    /// <returns>A path, or an empty text when the resource is gone, has no page, or the entry does not say enough.</returns>
    public static string Of(AuditEntry entry, bool isDeleted, string? workspaceOwner)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (isDeleted)
        {
            return "";
        }

        var fields = entry.AdditionalFields;
        return entry.ResourceType switch
        {
            AuditResourceType.Template => $"/templates/{Escaped(entry.ResourceTarget)}",
            AuditResourceType.User => $"/users?filter={Escaped(entry.ResourceTarget)}",
            AuditResourceType.Workspace => Workspace(workspaceOwner, entry.ResourceTarget),
            AuditResourceType.WorkspaceBuild => Workspace(workspaceOwner ?? Text(fields, "workspace_owner"), Text(fields, "workspace_name")) is { Length: > 0 } path
                && Text(fields, "build_number") is { } number ? $"{path}/builds/{Escaped(number)}" : "",
            AuditResourceType.WorkspaceAgent or AuditResourceType.WorkspaceApp =>
                Workspace(Text(fields, "workspace_owner") ?? workspaceOwner, Text(fields, "workspace_name")),
            AuditResourceType.OAuth2ProviderApp => $"/deployment/oauth2-provider/apps/{entry.ResourceId}",
            AuditResourceType.OAuth2ProviderAppSecret => Text(fields, "app_id") is { } app ? $"/deployment/oauth2-provider/apps/{Escaped(app)}" : "",
            _ => "",
        };
    }

    private static string Workspace(string? owner, string? name) =>
        string.IsNullOrEmpty(owner) || string.IsNullOrEmpty(name) ? "" : $"/@{Escaped(owner)}/{Escaped(name)}";

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    // Old entries hold whatever an older version wrote.
    private static string? Text(JsonObject fields, string name) => fields[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text => text,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => null,
    };
}
