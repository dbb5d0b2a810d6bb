using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

/// <summary>Keeps users from being deleted while they have workspaces.</summary>
internal sealed class WorkspaceOwners(DbSession db) : IUserDeletionGuard
{
    private static readonly Error HasWorkspaces = new(
        ErrorKind.ExpectationFailed, "You cannot delete a user that has workspaces. Delete their workspaces and try again!");

    private const string HasAny = "select exists (select 1 from workspaces where owner_id = @userId and not deleted)";

    public async Task<Error?> JudgeAsync(Guid userId, CancellationToken ct) =>
        await db.ScalarAsync<bool>(HasAny, new { userId }, ct) ? HasWorkspaces : null;
}

/// <summary>Workspaces that are not deleted.</summary>
internal sealed class WorkspaceContents(DbSession db) : IOrganizationContents
{
    private const string Count = "select count(*) from workspaces where organization_id = @organization and not deleted";

    public async Task<OrganizationContent> CountAsync(Guid organization, CancellationToken ct) =>
        new(OrganizationContentKind.Workspace, await db.ScalarAsync<long>(Count, new { organization }, ct));
}
