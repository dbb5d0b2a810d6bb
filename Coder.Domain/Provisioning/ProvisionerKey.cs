using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Provisioning;

/// <summary>What lets a provisioner daemon in that no user drives. The secret itself is not part of it.</summary>
public sealed record ProvisionerKey
{
    /// <summary>The length of a secret, in letters and digits: more than 256 bits.</summary>
    public const int SecretLength = 43;

    /// <summary>The most tags of a key or a daemon.</summary>
    public const int MaximumTags = 64;

    /// <summary>The longest name or value of a tag, in characters.</summary>
    public const int MaximumTag = 1024;

    // What clients call those daemons that have no key.
    private static readonly string[] ReservedNames = ["built-in", "user-auth", "psk"];

    /// <summary>The key.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where its daemons work.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Unique in its organization, without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The tags of its daemons, as somebody wrote them.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>What decides who may see and delete it: it is as good as a daemon of the organization.</summary>
    public ObjectRef Reference => ObjectRef.In(OrganizationId, ResourceType.ProvisionerDaemon, Id);

    /// <summary>Whether there are not too many tags, none too long, and all for the organization: nobody owns the daemons of a key.</summary>
    public static bool AreTags(IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return tags.Count <= MaximumTags
            && tags.All(tag => tag.Key.Length <= MaximumTag && tag.Value.Length <= MaximumTag)
            && JobTags.Of(tags, Guid.Empty).Scope == TagScope.Organization;
    }

    /// <summary>Judges a name that passed the rules of its form.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? JudgeName(string name) => ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? new Error(
            ErrorKind.Invalid,
            $"Name cannot be reserved name \"{name}\".",
            null,
            [new FieldError("name", "This name stands for daemons without a key.")])
        : null;

    /// <summary>The refusal of a name that another key of the organization has.</summary>
    public static Error NameTaken(string name) => new(
        ErrorKind.Conflict,
        $"A provisioner key named \"{name}\" already exists.",
        null,
        [new FieldError("name", "This value is already in use and should be unique.")]);
}
