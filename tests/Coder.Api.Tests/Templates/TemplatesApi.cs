using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>A server whose license gives everything, for all tests of a class.</summary>
public sealed class TemplatesServer : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;

    /// <summary>The server.</summary>
    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Who may do everything.</summary>
    public HttpClient Owner => _owner ?? throw new InvalidOperationException("There is no owner yet.");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None);
        _owner = await Server.CreateOwnerAsync(CancellationToken.None);
        await Server.StartAuditingAsync(Owner, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The endpoints of templates as a client sees them.</summary>
internal static class TemplatesApi
{
    public const string Templates = "/api/v2/templates";
    public const string OfDefault = "/api/v2/organizations/default/templates";
    public const string Versions = "/api/v2/templateversions";
    public const string NewVersions = "/api/v2/organizations/default/templateversions";

    public static async Task<JsonObject> CreatedAsync(this HttpClient client, string path, object body, CancellationToken ct)
    {
        using var response = await client.PostAsJsonAsync(path, body, ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(ct));
        return await response.JsonAsync(ct);
    }

    public static Task<JsonObject> CreateTemplateAsync(this HttpClient client, string name, Guid version, CancellationToken ct) =>
        client.CreatedAsync(OfDefault, new { name, template_version_id = version }, ct);

    public static async Task<JsonObject> TemplateAsync(this HttpClient client, Guid id, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonObject>($"{Templates}/{id}", ct))!;

    public static async Task<string[]> TemplateNamesAsync(this HttpClient client, string query, CancellationToken ct) =>
        [.. (await client.GetFromJsonAsync<JsonArray>(Templates + query, ct))!.Select(t => t!["name"]!.GetValue<string>())];

    public static Task<HttpResponseMessage> PatchTemplateAsync(this HttpClient client, Guid id, object change, CancellationToken ct) =>
        client.PatchAsJsonAsync($"{Templates}/{id}", change, ct);

    public static Guid Id(this JsonNode node) => node["id"]!.GetValue<Guid>();

    /// <summary>Everything that a dashboard sends to leave a template as it is.</summary>
    public static JsonObject Unchanged(this JsonObject template)
    {
        var change = new JsonObject();
        foreach (var field in new[]
        {
            "name", "display_name", "description", "icon", "default_ttl_ms", "activity_bump_ms", "autostop_requirement",
            "autostart_requirement", "allow_user_autostart", "allow_user_autostop", "allow_user_cancel_workspace_jobs", "failure_ttl_ms",
            "time_til_dormant_ms", "time_til_dormant_autodelete_ms", "require_active_version", "deprecation_message",
            "max_port_share_level", "cors_behavior", "use_classic_parameter_flow",
        })
        {
            change[field] = template[field]?.DeepClone();
        }

        return change;
    }
}

/// <summary>Versions and workspaces straight in the database.</summary>
internal static class TemplateRows
{
    private const string InsertVersion = """
        with job as (
            insert into provisioner_jobs
                (id, created_at, updated_at, started_at, completed_at, error, organization_id, initiator_id, provisioner, type, input,
                 file_id)
            values ($1, now(), now(), case when $5 = 'pending' then null else now() end,
                    case when $5 in ('succeeded', 'failed') then now() end, case when $5 = 'failed' then 'It failed.' end,
                    $2, $3, 'echo', 'template_version_import', '{}', $4)
            returning id
        )
        insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by)
        select $1, nullif($6::uuid, '00000000-0000-0000-0000-000000000000'), $2, now(), now(), $7, job.id, $3 from job
        """;

    private const string InsertWorkspace = """
        insert into workspaces
            (id, created_at, updated_at, owner_id, organization_id, template_id, name, autostart_schedule, ttl, last_used_at, dormant_at)
        select $1, now(), now(), $2, t.organization_id, t.id, $4, '30 9 * * 1-5', 3600000000000, '2026-02-27 12:00:00+00',
               case when $5 then timestamptz '2026-02-28 12:00:00+00' end
        from templates t
        where t.id = $3
        """;

    private const string InsertBuild = """
        with job as (
            insert into provisioner_jobs
                (id, created_at, updated_at, started_at, completed_at, organization_id, initiator_id, provisioner, type, input, file_id)
            select $1, $3, $3, $3, $3 + interval '4 seconds', w.organization_id, w.owner_id, 'echo', 'workspace_build', '{}', j.file_id
            from workspaces w
            join templates t on t.id = w.template_id
            join template_versions v on v.id = t.active_version_id
            join provisioner_jobs j on j.id = v.job_id
            where w.id = $2
            returning id
        )
        insert into workspace_builds
            (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id, deadline)
        select $1, $3, $3, w.id, t.active_version_id, 1, 'start', w.owner_id, job.id, $3 + interval '30 days'
        from workspaces w
        join templates t on t.id = w.template_id, job
        where w.id = $2
        """;

    public static async Task<Guid> AddVersionAsync(
        this TestServer server, CancellationToken ct, string status = "succeeded", Guid template = default, string? name = null)
    {
        var id = TestIds.New();
        var organization = await server.Database.DefaultOrganizationAsync(ct);
        var user = await server.Database.ScalarAsync<Guid>("select id from users where username = 'owner'", ct);
        var file = await server.Database.AddFileAsync(user, id.ToByteArray(), ct);
        await server.Database.ExecuteAsync(InsertVersion, ct, id, organization, user, file, status, template, name ?? $"v-{id:N}"[..20]);
        return id;
    }

    public static async Task<Guid> NewTemplateAsync(this TestServer server, HttpClient client, string name, CancellationToken ct) =>
        (await client.CreateTemplateAsync(name, await server.AddVersionAsync(ct), ct)).Id();

    public static async Task<Guid> AddWorkspaceAsync(
        this TestDatabase database, Guid template, Guid owner, CancellationToken ct, bool isDormant = false)
    {
        var id = TestIds.New();
        await database.ExecuteAsync(InsertWorkspace, ct, id, owner, template, $"w-{id:N}"[..20], isDormant);
        return id;
    }

    public static async Task<Guid> AddBuildAsync(this TestDatabase database, Guid workspace, DateTimeOffset at, CancellationToken ct)
    {
        var id = TestIds.New();
        await database.ExecuteAsync(InsertBuild, ct, id, workspace, at.UtcDateTime);
        return id;
    }
}
