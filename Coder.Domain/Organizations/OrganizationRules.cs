using Coder.Domain.Common;

namespace Coder.Domain.Organizations;

/// <summary>What an organization may be called, and when it may go (docs/spec/platform.md, section 8.4).</summary>
public static class OrganizationRules
{
    /// <summary>The word that stands for the default organization in every path, without regard to case.</summary>
    public const string DefaultAlias = "default";

    private static readonly Error DefaultStays = new(ErrorKind.Invalid, "Default organization cannot be deleted.");

    /// <summary>Refuses a name that paths give another meaning.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? Reserved(string name) => string.Equals(name, DefaultAlias, StringComparison.OrdinalIgnoreCase)
        ? new Error(ErrorKind.Invalid, $"Organization name \"{name}\" is reserved.")
        : null;

    /// <summary>Decides whether an organization may be deleted.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="contents">What is still in it; kinds that are not listed count as none.</param>
    /// <returns>The refusal, which lists what is left in the order of <see cref="OrganizationContentKind"/>; or <see langword="null"/>.</returns>
    public static Error? Deletion(Organization organization, IReadOnlyCollection<OrganizationContent> contents)
    {
        ArgumentNullException.ThrowIfNull(organization);
        ArgumentNullException.ThrowIfNull(contents);
        if (organization.IsDefault)
        {
            return DefaultStays;
        }

        var left = contents.Where(c => c.Count > 0).OrderBy(c => c.Kind).Select(c => c.Describe()).ToArray();
        return left.Length == 0
            ? null
            : new Error(
                ErrorKind.Conflict,
                "Error deleting organization.",
                $"This organization has {string.Join(", ", left)} that must be deleted first.");
    }
}

/// <summary>What keeps an organization from being deleted.</summary>
public enum OrganizationContentKind
{
    /// <summary>Workspaces that are not deleted.</summary>
    Workspace,

    /// <summary>Templates that are not deleted.</summary>
    Template,

    /// <summary>Members beyond the one who is left, as a rule the creator.</summary>
    Member,

    /// <summary>Groups beyond Everyone.</summary>
    Group,

    /// <summary>Keys that let provisioners in.</summary>
    ProvisionerKey,
}

/// <summary>How much of one kind is in an organization.</summary>
/// <param name="Kind">What was counted.</param>
/// <param name="Count">0 or more.</param>
public readonly record struct OrganizationContent(OrganizationContentKind Kind, long Count)
{
    internal string Describe()
    {
        var noun = Kind switch
        {
            OrganizationContentKind.Workspace => "workspace",
            OrganizationContentKind.Template => "template",
            OrganizationContentKind.Member => "member",
            OrganizationContentKind.Group => "group",
            OrganizationContentKind.ProvisionerKey => "provisioner key",
            _ => throw new InvalidOperationException($"Nobody named {Kind}."),
        };
        return FormattableString.Invariant($"{Count} {noun}{(Count == 1 ? "" : "s")}");
    }
}
