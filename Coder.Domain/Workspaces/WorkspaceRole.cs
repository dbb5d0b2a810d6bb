using System.Text.Json;
using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>What somebody may do with a workspace that is shared (docs/spec/workspaces.md, section 7.4).</summary>
public enum WorkspaceRole
{
    /// <summary>Nothing: it is not shared.</summary>
    None,

    /// <summary>See it, start and stop it, open its shells and applications.</summary>
    Use,

    /// <summary>Everything but its deletion.</summary>
    Admin,
}

/// <summary>What roles grant, and their names on the wire.</summary>
public static class WorkspaceRoles
{
    private static readonly WireTable<WorkspaceRole> Names = new("", "use", "admin");

    private static readonly PermissionAction[] Use =
    [
        PermissionAction.Read, PermissionAction.Ssh, PermissionAction.ApplicationConnect, PermissionAction.Start, PermissionAction.Stop,
    ];

    private static readonly PermissionAction[] Admin =
    [
        .. Use, PermissionAction.Create, PermissionAction.Update, PermissionAction.CreateAgent, PermissionAction.DeleteAgent,
    ];

    /// <summary>The wire name; empty for none.</summary>
    public static string WireName(this WorkspaceRole role) => Names[role];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out WorkspaceRole role) => Names.TryParse(name, out role);

    /// <summary>The actions that a role stands for.</summary>
    public static IReadOnlyList<PermissionAction> Actions(this WorkspaceRole role) => role switch
    {
        WorkspaceRole.Use => Use,
        WorkspaceRole.Admin => Admin,
        _ => [],
    };

    /// <summary>The role that grants as much as an entry of a list, or none when no role does.</summary>
    public static WorkspaceRole RoleOf(IReadOnlyCollection<string> actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        return actions.Contains("*", StringComparer.Ordinal) || Has(Admin) ? WorkspaceRole.Admin : Has(Use) ? WorkspaceRole.Use : WorkspaceRole.None;

        bool Has(PermissionAction[] wanted) => Array.TrueForAll(wanted, action => actions.Contains(action.WireName(), StringComparer.Ordinal));
    }
}

/// <summary>With whom a workspace is shared: one of its two lists, by user id or by group id.</summary>
/// <param name="Roles">The roles; nobody has <see cref="WorkspaceRole.None"/> here.</param>
public sealed record WorkspaceShares(IReadOnlyDictionary<Guid, WorkspaceRole> Roles)
{
    private const string Message = "Invalid request to update workspace ACL";

    /// <summary>Reads a list as it is stored, <c>{"id": {"permissions": ["read"]}}</c>. Entries that no role stands for are passed over.</summary>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static WorkspaceShares FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var roles = new Dictionary<Guid, WorkspaceRole>();
        using var document = JsonDocument.Parse(json);
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            if (Guid.TryParseExact(entry.Name, "D", out var id)
                && entry.Value.ValueKind == JsonValueKind.Object
                && entry.Value.TryGetProperty("permissions", out var permissions)
                && permissions.ValueKind == JsonValueKind.Array
                && WorkspaceRoles.RoleOf([.. Texts(permissions)]) is var role and not WorkspaceRole.None)
            {
                roles[id] = role;
            }
        }

        return new WorkspaceShares(roles);
    }

    /// <summary>The list as it is stored, in the order of the ids.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (id, role) in Roles.OrderBy(entry => entry.Key))
            {
                writer.WriteStartObject(id.ToString());
                writer.WriteStartArray("permissions");
                foreach (var action in role.Actions())
                {
                    writer.WriteStringValue(action.WireName());
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The same list after a change: each id gets its role, and the role none takes it off.</summary>
    public WorkspaceShares With(IReadOnlyDictionary<Guid, WorkspaceRole> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var roles = new Dictionary<Guid, WorkspaceRole>(Roles);
        foreach (var (id, role) in changes)
        {
            if (role == WorkspaceRole.None)
            {
                roles.Remove(id);
            }
            else
            {
                roles[id] = role;
            }
        }

        return new WorkspaceShares(roles);
    }

    /// <summary>Reads the change of one list.</summary>
    /// <param name="field">The name of the field.</param>
    /// <param name="given">Role names by ids.</param>
    /// <param name="errors">Receives what can not be read.</param>
    public static IReadOnlyDictionary<Guid, WorkspaceRole> ReadChange(
        string field, IReadOnlyDictionary<string, string?> given, ICollection<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(errors);
        var read = new Dictionary<Guid, WorkspaceRole>();
        foreach (var (key, name) in given)
        {
            if (!WorkspaceRoles.TryParse(name ?? "", out var role))
            {
                errors.Add(new FieldError(field, $"role \"{name}\" is not a valid workspace role"));
            }
            else if (!Guid.TryParseExact(key, "D", out var id))
            {
                errors.Add(new FieldError(field, $"{key} is not a valid UUID."));
            }
            else
            {
                read[id] = role;
            }
        }

        return read;
    }

    /// <summary>The refusal of a change with errors.</summary>
    public static Error Refuse(IReadOnlyList<FieldError> errors) => new(ErrorKind.Invalid, Message, null, errors);

    private static IEnumerable<string> Texts(JsonElement array) =>
        array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
}
