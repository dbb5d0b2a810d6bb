using System.ComponentModel.DataAnnotations;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;

namespace Coder.Api.Provisioning;

/// <summary>What lets provisioner daemons in, without its secret.</summary>
/// <param name="Id">The key.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Organization">Where its daemons work.</param>
/// <param name="Name">Unique in its organization, without regard to case.</param>
/// <param name="Tags">The tags of its daemons.</param>
public sealed record ProvisionerKeyJson(
    Guid Id, DateTimeOffset CreatedAt, Guid Organization, string Name, IReadOnlyDictionary<string, string> Tags)
{
    internal static ProvisionerKeyJson From(ProvisionerKey key) => new(key.Id, key.CreatedAt, key.OrganizationId, key.Name, key.Tags);
}

/// <summary>A key with the daemons that registered with it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Daemons">The oldest first.</param>
public sealed record ProvisionerKeyDaemonsJson(ProvisionerKeyJson Key, IReadOnlyList<ProvisionerDaemonJson> Daemons)
{
    internal static ProvisionerKeyDaemonsJson[] From(DaemonsOfKeys found) =>
        [.. found.Keys.Select(one => new ProvisionerKeyDaemonsJson(
            ProvisionerKeyJson.From(one.Key), [.. one.Daemons.Select(daemon => ProvisionerDaemonJson.From(daemon, found.At))]))];
}

/// <summary>Asks for a key.</summary>
/// <param name="Name">1 to 64 letters and digits, with single underscores, dots and hyphens between them.</param>
/// <param name="Tags">The tags of its daemons; they work for the whole organization.</param>
public sealed record CreateProvisionerKeyRequestJson([property: Required] string? Name, IReadOnlyDictionary<string, string?>? Tags)
{
    internal IReadOnlyDictionary<string, string> ReadTags() => (Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        .ToDictionary(tag => tag.Key, tag => tag.Value ?? "", StringComparer.Ordinal);
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The secret; it is shown this once.</param>
public sealed record CreateProvisionerKeyResponseJson(string Key);
