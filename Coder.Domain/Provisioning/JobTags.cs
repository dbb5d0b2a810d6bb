using System.Collections.Immutable;

namespace Coder.Domain.Provisioning;

/// <summary>Whom daemons work for.</summary>
public enum TagScope
{
    /// <summary>Everybody in the organization.</summary>
    Organization,

    /// <summary>One user.</summary>
    User,
}

/// <summary>
/// The tags of a job or of a daemon, which decide who works for whom (docs/spec/workspaces.md, section 3.2 rule 4). They are always
/// normalised: <c>scope</c> and <c>owner</c> are there and agree. Two sets of the same tags are equal.
/// </summary>
public sealed class JobTags : IEquatable<JobTags>
{
    private const string ScopeKey = "scope";
    private const string OwnerKey = "owner";
    private const string OrganizationScope = "organization";
    private const string UserScope = "user";

    private readonly ImmutableSortedDictionary<string, string> _tags;

    private JobTags(ImmutableSortedDictionary<string, string> tags) => _tags = tags;

    /// <summary>The tags of whoever names none: <c>{"scope":"organization","owner":""}</c>.</summary>
    public static JobTags Default { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(ScopeKey, OrganizationScope).Add(OwnerKey, ""));

    /// <summary>All tags, by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _tags;

    /// <summary>Whether everybody or one user is worked for.</summary>
    public TagScope Scope => _tags[ScopeKey] == UserScope ? TagScope.User : TagScope.Organization;

    /// <summary>The user's id in the scope <c>user</c>, else the empty text.</summary>
    public string Owner => _tags[OwnerKey];

    /// <summary>Normalises tags that somebody wrote.</summary>
    /// <param name="tags">A given <c>owner</c> never counts; a scope other than <c>user</c> becomes <c>organization</c>.</param>
    /// <param name="user">The owner in the scope <c>user</c>.</param>
    public static JobTags Of(IEnumerable<KeyValuePair<string, string>>? tags, Guid user)
    {
        var all = Default._tags.SetItems(tags ?? []);
        return all[ScopeKey] == UserScope
            ? new JobTags(all.SetItem(OwnerKey, user.ToString()))
            : new JobTags(all.SetItem(ScopeKey, OrganizationScope).SetItem(OwnerKey, ""));
    }

    /// <summary>Reads tags that are stored, and therefore were normalised once.</summary>
    public static JobTags FromStored(IEnumerable<KeyValuePair<string, string>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return new JobTags(Default._tags.SetItems(tags));
    }

    /// <summary>The same tags for the workspace of another user: in the scope <c>user</c> only that user's daemons may build it.</summary>
    public JobTags ForOwner(Guid owner) => Scope == TagScope.User ? new JobTags(_tags.SetItem(OwnerKey, owner.ToString())) : this;

    /// <summary>Whether a daemon with these tags may run a job with those of <paramref name="job"/>.</summary>
    /// <remarks>
    /// The daemon must have every tag of the job. A job that asks for nothing but the organization needs a daemon of the same tags, so
    /// that special daemons stay free for the jobs that need them.
    /// </remarks>
    public bool CanRun(JobTags job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Equals(Default)
            ? Equals(Default)
            : job._tags.All(tag => _tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
    }

    /// <inheritdoc/>
    public bool Equals(JobTags? other) => other is not null && _tags.SequenceEqual(other._tags);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JobTags);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _tags)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
