using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

/// <summary>A server whose jobs stay as a test leaves them, with a license that gives everything.</summary>
public sealed class BuildsServer : IAsyncLifetime
{
    private TestServer? _server;
    private TestUser? _owner;

    /// <summary>The server.</summary>
    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Who may do everything.</summary>
    public TestUser Owner => _owner ?? throw new InvalidOperationException("There is no owner yet.");

    /// <summary>The default organization.</summary>
    public Guid Organization { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None);
        _owner = await Server.AddUserAsync(["owner"], CancellationToken.None);
        Organization = await Server.Database.DefaultOrganizationAsync(CancellationToken.None);
        await Server.StartAuditingAsync(Owner.Client, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>A template that everybody may use.</summary>
    internal Task<ReadyTemplate> TemplateAsync(CancellationToken ct, string? name = null) =>
        Server.Database.AddReadyTemplateAsync(Organization, Owner.Id, ct, name);
}

/// <summary>The endpoints of builds as a client sees them, and rows that the API would take many calls to reach.</summary>
internal static class BuildsApi
{
    private const string InsertParameter = """
        insert into template_version_parameters
            (template_version_id, name, type, form_type, mutable, default_value, required, ephemeral, validation_min)
        values ($1, $2, $3, 'input', $4, $5, $6, $7, $8)
        """;

    private const string InsertPreset = """
        insert into template_version_presets (id, template_version_id, name, created_at, is_default) values ($1, $2, $3, now(), $4)
        """;

    private const string InsertPresetValue = """
        insert into template_version_preset_parameters (template_version_preset_id, name, value) values ($1, $2, $3)
        """;

    public static Task<HttpResponseMessage> BuildAsync(this HttpClient client, Guid workspace, object body, CancellationToken ct) =>
        client.PostAsJsonAsync($"/api/v2/workspaces/{workspace}/builds", body, ct);

    public static async Task<JsonObject> BuiltAsync(this HttpClient client, Guid workspace, object body, CancellationToken ct) =>
        await (await client.BuildAsync(workspace, body, ct)).CreatedAsync(ct);

    public static Task<HttpResponseMessage> CreateWorkspaceAsync(this HttpClient client, object body, CancellationToken ct, string user = "me") =>
        client.PostAsJsonAsync($"/api/v2/users/{user}/workspaces", body, ct);

    public static async Task<JsonObject> CreatedAsync(this HttpResponseMessage response, CancellationToken ct)
    {
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(ct));
        return await response.JsonAsync(ct);
    }

    public static Guid Id(this JsonNode json, string name = "id") => json[name]!.GetValue<Guid>();

    public static string Text(this JsonNode json, string name) => json[name]!.GetValue<string>();

    public static async Task<IReadOnlyDictionary<string, string>> ValuesAsync(this HttpClient client, JsonNode build, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonArray>($"/api/v2/workspacebuilds/{build.Id()}/parameters", ct))!
            .ToDictionary(value => value!.Text("name"), value => value!.Text("value"));

    /// <summary>Adds a parameter to a version.</summary>
    public static Task AddParameterAsync(
        this TestDatabase database,
        Guid version,
        string name,
        CancellationToken ct,
        string? defaultValue = null,
        bool mutable = true,
        bool ephemeral = false,
        string type = "string",
        int? min = null) => database.ExecuteAsync(
        InsertParameter, ct, version, name, type, mutable, defaultValue ?? "", defaultValue is null, ephemeral, min is { } least ? least : DBNull.Value);

    /// <summary>Adds a preset to a version.</summary>
    public static async Task<Guid> AddPresetAsync(
        this TestDatabase database, Guid version, string name, IReadOnlyDictionary<string, string> values, CancellationToken ct, bool isDefault = false)
    {
        var id = TestIds.New();
        await database.ExecuteAsync(InsertPreset, ct, id, version, name, isDefault);
        foreach (var (parameter, value) in values)
        {
            await database.ExecuteAsync(InsertPresetValue, ct, id, parameter, value);
        }

        return id;
    }

    /// <summary>Adds one more version of a template, with an import that stands as the test needs it.</summary>
    public static async Task<Guid> AddVersionAsync(
        this TestDatabase database, ReadyTemplate template, Guid user, CancellationToken ct, string import = "succeeded")
    {
        var version = await database.AddVersionAsync(template, TestIds.New(), user, ct);
        await database.SetImportAsync(version, import, ct);
        return version;
    }

    /// <summary>Sets what has become of an import.</summary>
    public static Task SetImportAsync(this TestDatabase database, Guid version, string import, CancellationToken ct) => database.ExecuteAsync(
        """
        update provisioner_jobs set
            started_at = case when $2 = 'pending' then null else created_at end,
            completed_at = case when $2 in ('pending', 'running') then null else created_at end,
            canceled_at = case when $2 = 'canceled' then created_at end,
            error = case when $2 = 'failed' then 'It failed.' end
        where id = (select job_id from template_versions where id = $1)
        """,
        ct,
        version,
        import);

    /// <summary>Puts the job of a build into the hands of a daemon.</summary>
    public static Task TakeAsync(this TestDatabase database, Guid job, CancellationToken ct) => database.ExecuteAsync(
        "update provisioner_jobs set worker_id = $2, started_at = created_at where id = $1", ct, job, TestIds.New());

    /// <summary>Ends the job of a build well.</summary>
    public static Task EndAsync(this TestDatabase database, JsonNode build, CancellationToken ct) => database.ExecuteAsync(
        "update provisioner_jobs set worker_id = $2, started_at = created_at, completed_at = created_at where id = $1",
        ct,
        build["job"]!.Id(),
        TestIds.New());
}
