using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Cli;
using Coder.Cli.Common;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>A server, and <c>coder provisionerd start</c> beside it with the real Terraform. Templates use built-in resources only.</summary>
public sealed class TerraformServer : IAsyncLifetime
{
    private const string Secret = "pre-shared";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-terraform-");
    private readonly CancellationTokenSource _stop = new();
    private readonly Terminal _terminal = new();
    private TestServer? _server;
    private TestUser? _owner;
    private Task<int> _daemon = Task.FromResult(0);

    /// <summary>Where it is; null: not here.</summary>
    public static string? Binary { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "terraform")).FirstOrDefault(File.Exists);

    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    public HttpClient Owner => _owner?.Client ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>What the daemon showed.</summary>
    public string Output => _terminal.Text;

    public async ValueTask InitializeAsync()
    {
        if (Binary is null)
        {
            return;
        }

        _server = await TestServer.StartAsync(options => options.ProvisionerDaemonPsk = Secret, CancellationToken.None);
        _owner = await _server.AddUserAsync(["owner"], CancellationToken.None);
        var environment = new CliEnvironment
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
                ["CODER_PROVISIONER_DAEMON_PSK"] = Secret,
                ["CODER_PROVISIONERD_POLL_INTERVAL"] = "5s",
            },
            UserConfigDirectory = _folder.FullName,
            WorkingDirectory = _folder.FullName,
            NewId = TestIds.New,
        };
        _daemon = CliProgram.RunAsync(
            ["provisionerd", "start", "--url", _server.Anonymous.BaseAddress!.ToString(), "--name", "mole", "--force-cancel-interval", "2s"],
            _terminal,
            null,
            TestClock.System,
            environment,
            _stop.Token);
        await _server.Database.UntilAsync("select exists (select from provisioner_daemons where name = 'mole')", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _daemon;
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _stop.Dispose();
        _terminal.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A path that templates may write to.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Uploads a template and waits until its import has ended.</summary>
    /// <returns>The version.</returns>
    public Task<JsonObject> ImportAsync(string main, CancellationToken ct, params (string Name, string Value)[] variables) =>
        ImportFileAsync("main.tf", main, ct, variables);

    /// <summary>The same, of a template whose file has another name.</summary>
    public async Task<JsonObject> ImportFileAsync(
        string name, string content, CancellationToken ct, params (string Name, string Value)[] variables)
    {
        using var archive = new ByteArrayContent(Tar(name, content)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        var file = (await (await Owner.PostAsync("/api/v2/files", archive, ct)).JsonAsync(ct))["hash"]!.GetValue<Guid>();
        var created = await Owner.PostAsJsonAsync(
            "/api/v2/organizations/default/templateversions",
            new
            {
                storage_method = "file",
                file_id = file,
                provisioner = "terraform",
                user_variable_values = variables.Select(variable => new { name = variable.Name, value = variable.Value }),
            },
            ct);
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync(ct));
        var version = await created.JsonAsync(ct);
        await EndAsync(version["job"]!["id"]!.GetValue<Guid>(), ct);
        return await GetAsync($"/api/v2/templateversions/{version["id"]}", ct);
    }

    /// <summary>Makes a template of a version and a workspace of the template, and waits until the workspace was built.</summary>
    /// <returns>The workspace.</returns>
    public async Task<JsonObject> CreateWorkspaceAsync(JsonObject version, CancellationToken ct, bool waits = true)
    {
        version["job"]!["status"]!.GetValue<string>().Should().Be("succeeded", version["job"]!.ToJsonString());
        var name = $"t{TestIds.New():N}"[..20];
        var template = await (await Owner.PostAsJsonAsync(
            "/api/v2/organizations/default/templates", new { name, template_version_id = version["id"]!.GetValue<Guid>() }, ct)).JsonAsync(ct);
        var created = await Owner.PostAsJsonAsync("/api/v2/users/me/workspaces", new { name, template_id = template["id"]!.GetValue<Guid>() }, ct);
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync(ct));
        var workspace = await created.JsonAsync(ct);
        if (!waits)
        {
            return workspace;
        }

        await EndAsync(workspace["latest_build"]!["job"]!["id"]!.GetValue<Guid>(), ct);
        return await GetAsync($"/api/v2/workspaces/{workspace["id"]}", ct);
    }

    /// <summary>Builds a workspace once more, and waits until it was built.</summary>
    /// <returns>The build.</returns>
    public async Task<JsonObject> BuildAsync(JsonObject workspace, string transition, CancellationToken ct)
    {
        var created = await Owner.PostAsJsonAsync($"/api/v2/workspaces/{workspace["id"]}/builds", new { transition }, ct);
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync(ct));
        var build = await created.JsonAsync(ct);
        await EndAsync(build["job"]!["id"]!.GetValue<Guid>(), ct);
        return await GetAsync($"/api/v2/workspacebuilds/{build["id"]}", ct);
    }

    /// <summary>The state that a build left, as Terraform wrote it.</summary>
    public async Task<JsonObject?> StateAsync(JsonNode build, CancellationToken ct) =>
        await Server.Database.ScalarAsync<byte[]>(
            "select provisioner_state from workspace_builds where id = $1", ct, build["id"]!.GetValue<Guid>()) is { } state
            ? JsonNode.Parse(state)!.AsObject()
            : null;

    /// <summary>The lines of a job's log, stage and level first.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(JsonNode job, CancellationToken ct) =>
        await Server.Database.ScalarAsync<string[]>(
            "select array_agg(stage || ' | ' || level::text || ' | ' || output order by id) from provisioner_job_logs where job_id = $1",
            ct,
            job["id"]!.GetValue<Guid>()) ?? [];

    public async Task<JsonObject> GetAsync(string path, CancellationToken ct) => await (await Owner.GetAsync(path, ct)).JsonAsync(ct);

    public Task EndAsync(Guid job, CancellationToken ct) =>
        Server.Database.UntilAsync($"select completed_at is not null from provisioner_jobs where id = '{job}'", ct);

    private static byte[] Tar(string file, string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { (file, text), ("README.md", "# Hello"), ("salt.txt", TestIds.New().ToString()) })
            {
                using var data = new MemoryStream(Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
            }
        }

        return stream.ToArray();
    }

    private sealed class Terminal : ITerminal, IDisposable
    {
        private readonly StringWriter _errors = new();

        public TextReader In => TextReader.Null;

        public TextWriter Out => TextWriter.Null;

        public TextWriter Error => _errors;

        public string Text => _errors.ToString();

        public bool IsInteractive => false;

        public string? ReadSecret() => null;

        public void Dispose() => _errors.Dispose();
    }
}
