using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Templates;

/// <summary>What the access control list of a template grants a user or a group (docs/spec/workspaces.md, section 10).</summary>
public enum TemplateRole
{
    /// <summary>Nothing: the entry is removed.</summary>
    None,

    /// <summary>To see the template and to make workspaces of it.</summary>
    Use,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>The names of <see cref="TemplateRole"/> on the wire, and what stands in stored lists.</summary>
public static class TemplateRoles
{
    private static readonly WireTable<TemplateRole> Names = new("", "use", "admin");

    /// <summary>The wire name.</summary>
    public static string WireName(this TemplateRole role) => Names[role];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out TemplateRole role) => Names.TryParse(name, out role);

    /// <summary>The actions of an entry with this role; <c>*</c> stands for all.</summary>
    public static IReadOnlyList<string> StoredActions(this TemplateRole role) => role switch
    {
        TemplateRole.None => [],
        TemplateRole.Use => [PermissionAction.Read.WireName(), PermissionAction.Use.WireName()],
        TemplateRole.Admin => ["*"],
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>The role of an id in a stored list, whoever wrote it.</summary>
    public static TemplateRole RoleOf(this AccessControlList list, Guid id)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Allows(id, PermissionAction.Update) ? TemplateRole.Admin
            : list.Allows(id, PermissionAction.Use) ? TemplateRole.Use
            : TemplateRole.None;
    }
}

/// <summary>A wanted entry of an access control list.</summary>
/// <param name="Id">A user, or a group.</param>
/// <param name="Role">What it gets.</param>
public readonly record struct TemplateGrant(Guid Id, TemplateRole Role);

/// <summary>What a request changes in the lists of a template; entries that it does not name stay.</summary>
/// <param name="Users">By user.</param>
/// <param name="Groups">By group; the organization's id stands for Everyone.</param>
public sealed record TemplateAclChange(IReadOnlyList<TemplateGrant> Users, IReadOnlyList<TemplateGrant> Groups)
{
    private const string Message = "Invalid request to update template ACL";
    private const string UserField = "user_perms";
    private const string GroupField = "group_perms";

    /// <summary>Reads ids and roles as clients write them, sorted by key so that the answer does not depend on their order.</summary>
    /// <param name="users">Role by user id.</param>
    /// <param name="groups">Role by group id.</param>
    /// <returns>The change, or 400 with an error for each entry that can not be read.</returns>
    public static Result<TemplateAclChange> Parse(
        IReadOnlyDictionary<string, string?> users, IReadOnlyDictionary<string, string?> groups)
    {
        List<FieldError> errors = [];
        var change = new TemplateAclChange(Read(users, UserField, errors), Read(groups, GroupField, errors));
        return errors.Count == 0 ? change : new Error(ErrorKind.Invalid, Message, null, errors);
    }

    /// <summary>Refuses entries for what does not exist; only removals may name it.</summary>
    /// <param name="users">Which users of the change exist.</param>
    /// <param name="groups">Which groups of the change exist in the organization of the template.</param>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public Error? JudgeExistence(IReadOnlySet<Guid> users, IReadOnlySet<Guid> groups)
    {
        FieldError[] errors =
        [
            .. Missing(Users, users).Select(id => new FieldError(UserField, $"user with ID {id} does not exist")),
            .. Missing(Groups, groups).Select(id => new FieldError(GroupField, $"group with ID {id} does not exist")),
        ];
        return errors.Length == 0 ? null : new Error(ErrorKind.Invalid, Message, null, errors);
    }

    private static IEnumerable<Guid> Missing(IReadOnlyList<TemplateGrant> grants, IReadOnlySet<Guid> existing) =>
        grants.Where(grant => grant.Role != TemplateRole.None && !existing.Contains(grant.Id)).Select(grant => grant.Id);

    private static List<TemplateGrant> Read(IReadOnlyDictionary<string, string?> entries, string field, List<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var grants = new Dictionary<Guid, TemplateRole>();
        foreach (var (key, name) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!Guid.TryParseExact(key, "D", out var id))
            {
                errors.Add(new FieldError(field, $"{key} is not a valid UUID."));
            }
            else if (!TemplateRoles.TryParse(name ?? "", out var role))
            {
                errors.Add(new FieldError(field, $"role \"{name}\" is not a valid template role"));
            }
            else
            {
                // One id in two spellings: the stronger role, whatever the order.
                grants[id] = grants.TryGetValue(id, out var other) && other > role ? other : role;
            }
        }

        return [.. grants.Select(grant => new TemplateGrant(grant.Key, grant.Value))];
    }
}
