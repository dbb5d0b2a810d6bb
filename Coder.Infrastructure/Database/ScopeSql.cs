using Coder.Domain.Authorization;
using Dapper;

namespace Coder.Infrastructure.Database;

/// <summary>Turns a read scope into a predicate (docs/spec/platform.md 6.7): constant pieces, with all values as parameters.</summary>
/// <remarks>
/// A part that can match nothing is left out, so that a plain member's list of users is a lookup by key;
/// each combination of parts is one text, and one list sees few of them.
/// </remarks>
internal static class ScopeSql
{
    private const string Nothing = "false";

    /// <summary>The predicate, or <see langword="null"/> when every row is in the scope.</summary>
    /// <param name="scope">What may be seen.</param>
    /// <param name="columns">Where the rows keep what the scope compares.</param>
    /// <param name="prefix">Begins the names of the parameters; two scopes in one statement need two.</param>
    /// <param name="parameters">Receives the values.</param>
    public static string? Predicate(ReadScope scope, ScopeColumns columns, string prefix, DynamicParameters parameters)
    {
        if (scope.Kind == ReadScopeKind.None)
        {
            return Nothing;
        }

        var listed = scope.AllowList is { } ids ? Any(columns.Id, $"{prefix}_ids", ids, parameters) : null;
        if (scope.Kind == ReadScopeKind.All)
        {
            return listed;
        }

        var parts = new List<string>();
        if (scope.Organizations.Count > 0)
        {
            parts.Add(Any(columns.Organization, $"{prefix}_orgs", scope.Organizations, parameters));
        }

        if (scope.Own is { } own)
        {
            parts.Add(Own(own, columns, prefix, parameters));
        }

        if (scope.Shared is { } shared)
        {
            AddShared(parts, shared, columns, prefix, parameters);
        }

        var any = parts.Count == 0 ? Nothing : string.Join(" or ", parts);
        return listed is null ? any : $"{listed} and ({any})";
    }

    private static string Own(OwnRows own, ScopeColumns columns, string prefix, DynamicParameters parameters)
    {
        parameters.Add($"{prefix}_me", own.User);
        var mine = $"{columns.Owner} = @{prefix}_me";
        if (!own.HasOrganization)
        {
            return mine;
        }

        var there = Any(columns.Organization, $"{prefix}_own_orgs", own.Organizations, parameters);
        return $"({mine} and ({columns.Organization} is null or {there}))";
    }

    private static void AddShared(
        List<string> parts, SharedRows shared, ScopeColumns columns, string prefix, DynamicParameters parameters)
    {
        if (!shared.ByGroupId)
        {
            parameters.Add($"{prefix}_acts", new[] { shared.Action.WireName(), "*" });
            parameters.Add($"{prefix}_me_text", shared.User.ToString());
            parts.Add(Entry(columns.UserAcl, $"@{prefix}_me_text::text", columns, prefix));
        }

        if (shared.MemberOrganizations.Count == 0)
        {
            return;
        }

        var isMember = Any(columns.Organization, $"{prefix}_member_orgs", shared.MemberOrganizations, parameters);
        var inGroup = shared.ByGroupId
            ? GroupItself(shared, columns, prefix, parameters)
            : GroupEntries(shared, columns, prefix, parameters);
        parts.Add($"({isMember} and ({inGroup}))");
    }

    private static string GroupItself(SharedRows shared, ScopeColumns columns, string prefix, DynamicParameters parameters) =>
        $"{columns.Id} = {columns.Organization} or {Any(columns.Id, $"{prefix}_groups", shared.Groups, parameters)}";

    private static string GroupEntries(SharedRows shared, ScopeColumns columns, string prefix, DynamicParameters parameters)
    {
        var everyone = Entry(columns.GroupAcl, $"{columns.Organization}::text", columns, prefix);
        if (shared.Groups.Count == 0)
        {
            return everyone;
        }

        parameters.Add($"{prefix}_groups", shared.Groups.Select(g => g.ToString()).ToArray());
        var entry = Entry(columns.GroupAcl, "g", columns, prefix);
        return $"{everyone} or exists (select 1 from unnest(@{prefix}_groups::text[]) g where {entry})";
    }

    private static string Entry(string list, string key, ScopeColumns columns, string prefix) =>
        $"({list} -> {key}{columns.ToActions}) ?| @{prefix}_acts::text[]";

    private static string Any(string column, string parameter, IReadOnlyList<Guid> values, DynamicParameters parameters)
    {
        parameters.Add(parameter, values as Guid[] ?? [.. values]);
        return $"{column} = any(@{parameter})";
    }
}
