using System.Diagnostics.CodeAnalysis;

namespace Coder.Infrastructure.Database;

/// <summary>How the entries of a stored access control list look.</summary>
public enum AclForm
{
    /// <summary><c>{"id": ["read"]}</c>, as templates have it.</summary>
    Actions,

    /// <summary><c>{"id": {"permissions": ["read"]}}</c>, as workspaces have it.</summary>
    Permissions,
}

/// <summary>
/// Where a statement finds what a scope compares: constant column expressions, <see langword="null"/> for what the rows do not
/// have.
/// </summary>
/// <param name="id">The row's id; needed for types that a credential's allow-list can name, and for groups.</param>
/// <param name="organization">The row's organization; may be null in the database.</param>
/// <param name="owner">The row's owner.</param>
/// <param name="userAcl">The list of users, <c>jsonb</c>.</param>
/// <param name="groupAcl">The list of groups, <c>jsonb</c>.</param>
/// <param name="form">The form of both lists.</param>
public sealed class ScopeColumns(
    [ConstantExpected] string? id = null,
    [ConstantExpected] string? organization = null,
    [ConstantExpected] string? owner = null,
    [ConstantExpected] string? userAcl = null,
    [ConstantExpected] string? groupAcl = null,
    AclForm form = AclForm.Actions)
{
    internal string Id => Needed(id, nameof(id));

    internal string Organization => Needed(organization, nameof(organization));

    internal string Owner => Needed(owner, nameof(owner));

    internal string UserAcl => Needed(userAcl, nameof(userAcl));

    internal string GroupAcl => Needed(groupAcl, nameof(groupAcl));

    /// <summary>The way from an entry of a list to its actions.</summary>
    internal string ToActions => form == AclForm.Permissions ? " -> 'permissions'" : "";

    /// <summary>Leaving the part out would show or hide the wrong rows, so a statement without the column is a bug.</summary>
    private static string Needed(string? column, string name) =>
        column ?? throw new InvalidOperationException($"The scope compares the {name}, and the statement names no column for it.");
}
