namespace Coder.Testing;

/// <summary>What tests of agents need beside <see cref="WorkspaceRows"/>.</summary>
public static class AgentRows
{
    private const string Token = "select auth_token from workspace_agents where id = $1";
    private const string KeepToken = "update workspace_agents set auth_token = $2 where id = $1";

    private const string InsertApp = """
        insert into workspace_apps (id, created_at, agent_id, slug, display_name, url, subdomain, display_order)
        values ($1, $2, $3, $4, $4, 'http://localhost:1', $5, (select count(*) from workspace_apps where agent_id = $3))
        """;

    /// <summary>The token of an agent.</summary>
    public static Task<Guid> AgentTokenAsync(this TestDatabase database, Guid agent, CancellationToken ct) =>
        database.ScalarAsync<Guid>(Token, ct, agent);

    /// <summary>Gives an agent the token of another one, as a claim does.</summary>
    public static Task KeepTokenAsync(this TestDatabase database, Guid agent, Guid token, CancellationToken ct) =>
        database.ExecuteAsync(KeepToken, ct, agent, token);

    /// <summary>Adds an app to an agent, behind those that it has.</summary>
    public static async Task<Guid> AddAppAsync(this TestDatabase database, Guid agent, string slug, bool subdomain, CancellationToken ct)
    {
        var id = TestIds.New();
        await database.ExecuteAsync(InsertApp, ct, id, DateTimeOffset.UnixEpoch, agent, slug, subdomain);
        return id;
    }
}
