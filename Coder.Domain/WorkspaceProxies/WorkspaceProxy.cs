using Coder.Domain.Authorization;
using Coder.Domain.Users;

namespace Coder.Domain.WorkspaceProxies;

/// <summary>A server near the users of a region that carries their connections to workspaces.</summary>
public sealed record WorkspaceProxy
{
    /// <summary>The name of the deployment itself among its proxies; no other proxy can have it.</summary>
    public const string PrimaryName = "primary";

    /// <summary>The longest display name, in characters.</summary>
    public const int MaximumDisplayName = 64;

    /// <summary>Random; that of the primary is the id of the deployment.</summary>
    public required Guid Id { get; init; }

    /// <summary>See <see cref="NameRules.IsName"/>; unique without regard to case among those that are not deleted.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>Where it serves; empty until the proxy registers itself.</summary>
    public string Url { get; init; } = "";

    /// <summary>Such as <c>*.eu.example.com</c> for applications on subdomains; may be empty.</summary>
    public string WildcardHostname { get; init; } = "";

    /// <summary>What the proxy runs; empty until it registers itself.</summary>
    public string Version { get; init; } = "";

    /// <summary>When it was added; year 1 for the primary, which was always there.</summary>
    public DateTimeOffset CreatedAt { get; init; } = DateTimeOffset.MinValue;

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Whether this is the deployment itself.</summary>
    public bool IsPrimary => Name == PrimaryName;

    /// <summary>What permissions are judged on.</summary>
    public ObjectRef Reference => new(ResourceType.WorkspaceProxy) { Id = Id };

    /// <summary>The deployment itself as one of its proxies.</summary>
    public static WorkspaceProxy Primary(Guid deploymentId) => new()
    {
        Id = deploymentId,
        Name = PrimaryName,
        DisplayName = "Default",
        Icon = "",
    };

    /// <summary>Empty, or at most 64 characters without white space around them.</summary>
    public static bool IsDisplayName(string? value) =>
        value is null || (value.Length <= MaximumDisplayName && value.AsSpan().Trim().Length == value.Length);
}
