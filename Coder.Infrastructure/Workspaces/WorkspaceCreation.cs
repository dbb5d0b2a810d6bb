using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceCreation(DbSession db) : IWorkspaceCreation
{
    private const long NanosecondsPerTick = 100;

    private const string HoldMember = """
        select m.user_id
        from organization_members m
        join users u on u.id = m.user_id and not u.deleted
        where m.organization_id = @organization and m.user_id = @user
        for key share
        """;

    public async Task<bool> IsMemberAsync(Guid organization, Guid user, CancellationToken cancellationToken) =>
        await db.ScalarAsync<Guid?>(HoldMember, new { organization, user }, cancellationToken) is not null;

    private const string IsNameTaken = """
        select exists (select 1 from workspaces where owner_id = @owner and lower(name) = lower(@name) and not deleted)
        """;

    public Task<bool> IsNameTakenAsync(Guid owner, string name, CancellationToken cancellationToken) =>
        db.ScalarAsync<bool>(IsNameTaken, new { owner, name }, cancellationToken);

    private const string Add = """
        insert into workspaces
            (id, created_at, updated_at, owner_id, organization_id, template_id, name, autostart_schedule, next_start_at, ttl, last_used_at,
             automatic_updates)
        values
            (@id, @createdAt, @createdAt, @ownerId, @organizationId, @templateId, @name, @autostartSchedule, @nextStartAt, @ttl, @createdAt,
             @updates::automatic_updates)
        """;

    public Task<bool> AddAsync(CreatedWorkspace workspace, CancellationToken cancellationToken)
    {
        var row = new
        {
            workspace.Id,
            workspace.CreatedAt,
            workspace.OwnerId,
            workspace.OrganizationId,
            workspace.TemplateId,
            workspace.Name,
            workspace.AutostartSchedule,
            workspace.NextStartAt,
            ttl = workspace.Ttl?.Ticks * NanosecondsPerTick,
            updates = workspace.AutomaticUpdates.WireName(),
        };
        return db.ExecuteUniqueAsync(Add, row, "workspaces_name_key", cancellationToken);
    }
}
