using Coder.Domain.Authorization;

namespace Coder.Infrastructure.Builds;

/// <summary>What decisions about a workspace see of its row, as it comes with rows that belong to it.</summary>
internal abstract record WorkspaceObject
{
    public Guid WorkspaceId { get; init; }

    public Guid OwnerId { get; init; }

    public Guid OrganizationId { get; init; }

    public bool IsDormant { get; init; }

    public string UserAcl { get; init; } = "";

    public string GroupAcl { get; init; } = "";

    public ObjectRef ToObject() => ObjectRef.Workspace(
        WorkspaceId, OwnerId, OrganizationId, IsDormant, AccessControlList.FromJson(UserAcl), AccessControlList.FromJson(GroupAcl));
}
