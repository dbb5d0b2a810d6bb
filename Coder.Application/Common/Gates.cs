using Coder.Domain.Authorization;
using Coder.Domain.Licensing;

namespace Coder.Application.Common;

/// <summary>A request that somebody makes, and that is judged by what they may do.</summary>
public interface IActorRequest
{
    /// <summary>Who asks.</summary>
    Actor Actor { get; }
}

/// <summary>
/// The caller needs this permission on the deployment (or, with <see cref="AnyOrganization"/>, in some organization), and is told 403 before
/// anything else about the request is looked at.
/// </summary>
/// <remarks>
/// Stands on the request record, where it holds for every caller, and on the controller action, where it holds before the body is read;
/// a test keeps the two equal.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresPermissionAttribute(ResourceType resource, PermissionAction action) : Attribute
{
    /// <summary>What the action is done to.</summary>
    public ResourceType Resource { get; } = resource;

    /// <summary>What is done.</summary>
    public PermissionAction Action { get; } = action;

    /// <summary>Whether the permission in any one organization is enough.</summary>
    public bool AnyOrganization { get; init; }

    /// <summary>The decision.</summary>
    /// <remarks>
    /// With <see cref="AnyOrganization"/> a list stands behind it, which the allow-list of a key shortens and does not close
    /// (docs/spec/connection-logs.md, section 5.1 rule 4).
    /// </remarks>
    public bool Allows(Actor actor) => AnyOrganization
        ? Authorizer.ReadScope(actor, new Permission(Resource, Action)).Kind != ReadScopeKind.None
        : Authorizer.Can(actor, Action, new ObjectRef(Resource));
}

/// <summary>The license must give this feature, or the answer is 403; judged after authentication and before anything else.</summary>
/// <remarks>Stands on the request record and on the controller action, like <see cref="RequiresPermissionAttribute"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresFeatureAttribute(FeatureName feature) : Attribute
{
    /// <summary>The feature that must be enabled.</summary>
    public FeatureName Feature { get; } = feature;
}
