using System.Formats.Tar;
using System.Text;
using Npgsql;

namespace Coder.Benchmarks.Workspaces;

/// <summary>
/// Workspaces of 200 people from 20 templates, each with three builds; nine of ten run, with two resources, an agent and two apps. All
/// in the default organization.
/// </summary>
internal static class Fleet
{
    private const string Ids = """
        create or replace function pg_temp.id(kind integer, number bigint) returns uuid language sql immutable as $body$
            select ('00000000-0000-4000-80' || lpad(to_hex(kind), 2, '0') || '-' || lpad(to_hex(number), 12, '0'))::uuid
        $body$
        """;

    private const string AddPeople = """
        insert into users (id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
        select pg_temp.id(1, n), 'person' || n || '@example.com', 'person' || n, '', '', now(), now(), 'active', '{}', 'password'
        from generate_series(1, 200) n;
        insert into organization_members (organization_id, user_id, created_at, updated_at)
        select o.id, pg_temp.id(1, n), now(), now() from generate_series(1, 200) n cross join organizations o where o.is_default
        """;

    private const string AddTemplates = """
        insert into files (id, hash, created_at, created_by, mimetype, data)
        values (pg_temp.id(2, 1), 'fleet', now(), pg_temp.id(1, 1), 'application/x-tar', @archive);
        insert into provisioner_jobs
            (id, created_at, updated_at, started_at, completed_at, organization_id, initiator_id, provisioner, type, input, file_id)
        select pg_temp.id(3, n), now(), now(), now(), now(), o.id, pg_temp.id(1, 1), 'echo', 'template_version_import',
               jsonb_build_object('template_version_id', pg_temp.id(4, n)), pg_temp.id(2, 1)
        from generate_series(1, 20) n cross join organizations o where o.is_default;
        insert into templates (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, created_by, group_acl)
        select pg_temp.id(5, n), now(), now(), o.id, 'template-' || n, 'echo', pg_temp.id(4, n), pg_temp.id(1, 1),
               jsonb_build_object(o.id::text, jsonb_build_array('read', 'use'))
        from generate_series(1, 20) n cross join organizations o where o.is_default;
        insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by)
        select pg_temp.id(4, n), pg_temp.id(5, n), o.id, now(), now(), 'first', pg_temp.id(3, n), pg_temp.id(1, 1)
        from generate_series(1, 20) n cross join organizations o where o.is_default
        """;

    // Every fiftieth is of the one who asks.
    private const string AddWorkspaces = """
        insert into workspaces
            (id, created_at, updated_at, owner_id, organization_id, template_id, name, last_used_at, dormant_at, favorite)
        select pg_temp.id(6, n), now(), now(), case when n % 50 = 0 then @somebody else pg_temp.id(1, 1 + n % 200) end, o.id,
               pg_temp.id(5, 1 + n % 20), 'workspace-' || n, now() - make_interval(mins => n), case when n % 29 = 3 then now() end, n % 100 = 0
        from generate_series(1, @rows) n cross join organizations o where o.is_default;
        insert into provisioner_jobs
            (id, created_at, updated_at, started_at, completed_at, error, organization_id, initiator_id, provisioner, type, input, file_id)
        select pg_temp.id(7, 3 * n + b), now(), now(), now(), now(), case when b = 2 and n % 40 = 7 then 'It failed.' end, o.id,
               pg_temp.id(1, 1 + n % 200), 'echo', 'workspace_build', jsonb_build_object('workspace_build_id', pg_temp.id(8, 3 * n + b)),
               pg_temp.id(2, 1)
        from generate_series(1, @rows) n cross join generate_series(0, 2) b cross join organizations o where o.is_default;
        insert into workspace_builds
            (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id)
        select pg_temp.id(8, 3 * n + b), now(), now(), pg_temp.id(6, n), pg_temp.id(4, 1 + n % 20), b + 1,
               case when b = 1 or (b = 2 and n % 10 = 9) then 'stop' else 'start' end::workspace_transition, pg_temp.id(1, 1 + n % 200),
               pg_temp.id(7, 3 * n + b)
        from generate_series(1, @rows) n cross join generate_series(0, 2) b;
        insert into workspace_build_parameters (workspace_build_id, name, value)
        select pg_temp.id(8, 3 * n + b), p.name, p.prefix || n % p.kinds
        from generate_series(1, @rows) n cross join generate_series(0, 2) b
        cross join (values ('region', 'region-', 5), ('size', 'size-', 3), ('image', 'image-', 40)) p (name, prefix, kinds)
        """;

    // What the last build left.
    private const string AddResources = """
        insert into workspace_resources (id, created_at, job_id, transition, type, name)
        select pg_temp.id(9, 2 * n + r), now(), pg_temp.id(7, 3 * n + 2), 'start', case r when 0 then 'container' else 'volume' end, 'dev-' || r
        from generate_series(1, @rows) n cross join generate_series(0, 1) r
        where r = 1 or n % 10 <> 9;
        insert into workspace_resource_metadata (workspace_resource_id, key, value)
        select pg_temp.id(9, 2 * n + 1), k, k || n from generate_series(1, @rows) n cross join unnest(array['size', 'path']) k;
        insert into workspace_agents
            (id, created_at, updated_at, name, resource_id, auth_token, architecture, operating_system, lifecycle_state, first_connected_at,
             last_connected_at, simulated)
        select pg_temp.id(10, n), now(), now(), 'main', pg_temp.id(9, 2 * n), pg_temp.id(11, n), 'amd64', 'linux', 'ready', now(), now(), n % 3 = 0
        from generate_series(1, @rows) n where n % 10 <> 9;
        insert into workspace_agent_scripts (id, workspace_agent_id, log_source_id, script, run_on_start, created_at)
        select pg_temp.id(12, n), pg_temp.id(10, n), pg_temp.id(13, n), 'echo ready', true, now() from generate_series(1, @rows) n where n % 10 <> 9;
        insert into workspace_agent_log_sources (workspace_agent_id, id, created_at, display_name)
        select pg_temp.id(10, n), pg_temp.id(13, n), now(), 'Startup' from generate_series(1, @rows) n where n % 10 <> 9;
        insert into workspace_apps (id, created_at, agent_id, slug, url)
        select pg_temp.id(14, 2 * n + a), now(), pg_temp.id(10, n), 'app-' || a, 'http://localhost:8080'
        from generate_series(1, @rows) n cross join generate_series(0, 1) a where n % 10 <> 9;
        insert into workspace_app_statuses (id, created_at, agent_id, app_id, workspace_id, state, message)
        select pg_temp.id(15, 4 * n + s), now(), pg_temp.id(10, n), pg_temp.id(14, 2 * n), pg_temp.id(6, n), 'working', 'step ' || s
        from generate_series(1, @rows) n cross join generate_series(0, 3) s where n % 50 = 0
        """;

    private const string AddWaiting = """
        insert into workspaces (id, created_at, updated_at, owner_id, organization_id, template_id, name, last_used_at)
        select pg_temp.id(6, n), now(), now(), pg_temp.id(1, 1 + n % 200), o.id, pg_temp.id(5, 1 + n % 20), 'workspace-' || n, now()
        from generate_series(@first, @last) n cross join organizations o where o.is_default;
        insert into provisioner_jobs (id, created_at, updated_at, organization_id, initiator_id, provisioner, type, input, file_id, priority)
        select pg_temp.id(7, 3 * n), now() + make_interval(secs => n / 1e6), now(), o.id, pg_temp.id(1, 1 + n % 200), 'echo', 'workspace_build',
               jsonb_build_object('workspace_build_id', pg_temp.id(8, 3 * n)), pg_temp.id(2, 1), n % 2
        from generate_series(@first, @last) n cross join organizations o where o.is_default;
        insert into workspace_builds
            (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id)
        select pg_temp.id(8, 3 * n), now(), now(), pg_temp.id(6, n), pg_temp.id(4, 1 + n % 20), 1, 'start', pg_temp.id(1, 1 + n % 200),
               pg_temp.id(7, 3 * n)
        from generate_series(@first, @last) n
        """;

    private const string AddDaemons = """
        insert into provisioner_daemons (id, created_at, name, provisioners, tags, last_seen_at, organization_id)
        select pg_temp.id(16, n), now(), 'daemon-' || n, '{echo}', '{"scope": "organization", "owner": ""}', now(), o.id
        from generate_series(1, @daemons) n cross join organizations o where o.is_default
        """;

    // One agent, as most templates have, which is ready at once.
    private const string Manifest = """
        {"version": 1,
         "parameters": [{"name": "region", "default_value": "eu"}, {"name": "size", "default_value": "small"}],
         "resources": [{"type": "container", "name": "dev", "agents": [
             {"name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true,
              "apps": [{"slug": "code", "url": "http://localhost:13337"}]}]}]}
        """;

    /// <summary>A template without any delay, as a tar.</summary>
    public static byte[] Archive()
    {
        using var tar = new MemoryStream();
        using var manifest = new MemoryStream(Encoding.UTF8.GetBytes(Manifest));
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "coder-template.json") { DataStream = manifest });
        }

        return tar.ToArray();
    }

    /// <summary>The id of a daemon, from 1.</summary>
    public static Guid Daemon(int number) => new(0, 0, 0x4000, 0x80, 16, 0, 0, 0, 0, 0, (byte)number);

    /// <summary>Adds people and templates.</summary>
    public static async Task PrepareAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        await RunAsync(connection, AddPeople, ct);
        await RunAsync(connection, AddTemplates, ct, ("archive", Archive()));
    }

    /// <summary>Adds workspaces that have been used for a while.</summary>
    /// <param name="connectionString">A prepared database.</param>
    /// <param name="rows">How many.</param>
    /// <param name="somebody">Whose every fiftieth is.</param>
    /// <param name="ct">Stops the statements.</param>
    public static async Task AddAsync(string connectionString, int rows, Guid somebody, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        await RunAsync(connection, AddWorkspaces, ct, ("rows", rows), ("somebody", somebody));
        await RunAsync(connection, AddResources, ct, ("rows", rows));
        await RunAsync(connection, "vacuum analyze", ct);
    }

    /// <summary>Adds workspaces whose first build waits, every other one of stock, and wakes nobody.</summary>
    public static async Task AddWaitingAsync(string connectionString, int first, int last, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        await RunAsync(connection, AddWaiting, ct, ("first", first), ("last", last));
        await RunAsync(connection, "vacuum analyze", ct);
    }

    /// <summary>Adds daemons that whoever has the shared secret may drive.</summary>
    public static async Task AddDaemonsAsync(string connectionString, int daemons, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        await RunAsync(connection, AddDaemons, ct, ("daemons", daemons));
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        // Not from the pool: the function is one of this connection.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await RunAsync(connection, Ids, ct);
        return connection;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
