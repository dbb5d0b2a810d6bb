using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>A member of the default organization with a template that everybody in it may use.</summary>
internal sealed record WorkspaceScene(TestServer Server, TestUser Owner, ReadyTemplate Template) : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public TestDatabase Database => Server.Database;

    public DateTimeOffset Now => Server.Clock.GetUtcNow();

    public void Dispose() => Owner.Dispose();

    public static DateTimeOffset At(int hour, int minute = 0) => Day.AddHours(hour).AddMinutes(minute);

    public static async Task<WorkspaceScene> SetAsync(TestServer server, CancellationToken ct)
    {
        var owner = await server.AddUserAsync(ct);
        var organization = await server.Database.ScalarAsync<Guid>("select id from organizations where is_default", ct);
        return new WorkspaceScene(server, owner, await server.Database.AddReadyTemplateAsync(organization, owner.Id, ct));
    }

    /// <summary>Adds a workspace of the owner.</summary>
    public Task<WorkspaceRow> AddAsync(NewWorkspace workspace, CancellationToken ct) =>
        Database.AddWorkspaceAsync(Template, Owner.Id, workspace, ct);

    /// <summary>Adds a workspace that runs until the given time.</summary>
    public Task<WorkspaceRow> AddRunningAsync(DateTimeOffset? deadline, DateTimeOffset? max, CancellationToken ct) =>
        AddAsync(new NewWorkspace { Deadline = deadline, MaxDeadline = max, Ttl = TimeSpan.FromHours(8) }, ct);

    /// <summary>Adds a workspace that nobody has claimed yet.</summary>
    public Task<WorkspaceRow> AddPrebuildAsync(NewWorkspace workspace, CancellationToken ct) =>
        Database.AddWorkspaceAsync(Template, SystemActors.PrebuildsUserId, workspace, ct);

    public Task<int> SetTemplateAsync(string column, string value, CancellationToken ct) =>
        Database.ExecuteAsync($"update templates set {column} = {value} where id = $1", ct, Template.Id);

    public async Task<JsonObject> GetAsync(WorkspaceRow workspace, CancellationToken ct) =>
        await (await Owner.Client.GetAsync($"/api/v2/workspaces/{workspace.Id}?include_deleted=true", ct)).JsonAsync(ct);

    /// <summary>A column of the latest build of a workspace.</summary>
    public Task<DateTime?> DeadlineAsync(WorkspaceRow workspace, CancellationToken ct) =>
        Database.ScalarAsync<DateTime?>("select deadline from workspace_builds where id = $1", ct, workspace.BuildId);

    /// <summary>The rows of a workspace and its builds, byte by byte.</summary>
    public async Task<string> BytesAsync(WorkspaceRow workspace, CancellationToken ct) => (await Database.ScalarAsync<string>(
        """
        select w::text || (select string_agg(b::text, ',' order by b.build_number) from workspace_builds b where b.workspace_id = w.id)
        from workspaces w
        where w.id = $1
        """,
        ct,
        workspace.Id))!;
}
