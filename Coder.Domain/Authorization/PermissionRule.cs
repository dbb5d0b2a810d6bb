using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Authorization;

/// <summary>One line of a role: grants, or with <paramref name="Negate"/> denies, an action on a type.</summary>
/// <param name="Negate">A denial beats every grant of the same level.</param>
/// <param name="Type">The type, or <see langword="null"/> for <c>*</c>, every type.</param>
/// <param name="Action">The action, or <see langword="null"/> for <c>*</c>, every action that the type knows.</param>
public readonly record struct PermissionRule(bool Negate, ResourceType? Type, PermissionAction? Action)
{
    /// <summary>Whether the type or the action is <c>*</c>.</summary>
    public bool IsWildcard => Type is null || Action is null;

    /// <summary>Reads a stored or sent line; names compare exactly.</summary>
    /// <returns><see langword="false"/> when the type or the action is unknown, or the type does not know the action.</returns>
    public static bool TryParse(
        bool negate,
        [NotNullWhen(true)] string? resourceType,
        [NotNullWhen(true)] string? action,
        out PermissionRule rule)
    {
        rule = default;
        ResourceType? type = null;
        PermissionAction? verb = null;
        if (resourceType != "*")
        {
            if (!ResourceTypes.TryParse(resourceType, out var known))
            {
                return false;
            }

            type = known;
        }

        if (action != "*")
        {
            if (!PermissionActions.TryParse(action, out var known))
            {
                return false;
            }

            verb = known;
        }

        if (type is { } t && verb is { } v && !t.Knows(v))
        {
            return false;
        }

        rule = new PermissionRule(negate, type, verb);
        return true;
    }
}
