using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>A server with daemons of its own. Jobs are posted by rows, so that nothing stands between them and the daemons.</summary>
public sealed class ProvisioningServer : IAsyncLifetime
{
    private const string PostImport = """
        with job as (
            insert into provisioner_jobs (id, created_at, updated_at, organization_id, initiator_id, provisioner, type, input, file_id)
            values ($1, $2, $2, $3, $4, $5::provisioner_type, 'template_version_import', $6::jsonb, $7)
        ), template as (
            insert into templates (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, created_by)
            values ($8, $2, $2, $3, left('t' || $8::text, 32), 'terraform', $9, $4)
        ), version as (
            insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by)
            values ($9, $8, $3, $2, $2, 'first', $1, $4)
        )
        select pg_notify('provisioner_job_posted', $3::text)
        """;

    private const string PostBuild = """
        with job as (
            insert into provisioner_jobs (id, created_at, updated_at, organization_id, initiator_id, provisioner, type, input, file_id)
            values ($1, $2, $2, $3, $4, 'echo', 'workspace_build', jsonb_build_object('workspace_build_id', $5::text), $6)
        ), build as (
            insert into workspace_builds
                (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id)
            select $5, $2, $2, $7, $8, 1 + count(*), $9::workspace_transition, $4, $1 from workspace_builds where workspace_id = $7
        )
        select pg_notify('provisioner_job_posted', $3::text)
        """;

    private const string InsertWorkspace = """
        insert into workspaces (id, created_at, updated_at, owner_id, organization_id, template_id, name)
        values ($1, $2, $2, $3, $4, $5, left('w' || $1::text, 32))
        """;

    private const string Cancel = """
        with canceled as (
            update provisioner_jobs
            set canceled_at = $2, completed_at = case when worker_id is null then $2::timestamptz end
            where id = $1 and completed_at is null
            returning id
        )
        select pg_notify('provisioner_job_changed', id::text) from canceled
        """;

    public TestServer Server { get; private set; } = null!;

    public Guid Organization { get; private set; }

    public TestAccount User { get; private set; } = null!;

    private DateTimeOffset Now => Server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync() =>
        await StartAsync(options => options.ProvisionerDaemons = "2", TestContext.Current.CancellationToken);

    /// <summary>Starts a server of other options.</summary>
    public static async Task<ProvisioningServer> NewAsync(Action<CoderOptions> configure, CancellationToken ct)
    {
        var server = new ProvisioningServer();
        await server.StartAsync(configure, ct);
        return server;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>An archive with one file in its root. Each is another one, whatever the file.</summary>
    public async Task<Guid> AddArchiveAsync(string name, string content, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(File(name, content), ct);
            await writer.WriteEntryAsync(File("sub/salt", TestIds.New().ToString()), ct);
        }

        return await Server.Database.AddFileAsync(User.Id, stream.ToArray(), ct);
    }

    /// <summary>Posts the import of a version with a manifest.</summary>
    public async Task<PostedVersion> PostImportAsync(string manifest, CancellationToken ct, Dictionary<string, string>? given = null) =>
        await PostImportAsync(await AddArchiveAsync("coder-template.json", manifest, ct), ProvisionerType.Echo, ct, given);

    public async Task<PostedVersion> PostImportAsync(
        Guid file, ProvisionerType provisioner, CancellationToken ct, Dictionary<string, string>? given = null)
    {
        var version = new PostedVersion(TestIds.New(), TestIds.New(), TestIds.New(), file);
        var input = new JsonObject { ["template_version_id"] = version.Id.ToString() };
        if (given is not null)
        {
            input["user_variable_values"] = new JsonObject(given.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
        }

        await Server.Database.ExecuteAsync(
            PostImport,
            ct,
            version.Job,
            Now,
            Organization,
            User.Id,
            provisioner.WireName(),
            input.ToJsonString(),
            file,
            version.Template,
            version.Id);
        return version;
    }

    /// <summary>A version whose import succeeded.</summary>
    public async Task<PostedVersion> ImportAsync(string manifest, CancellationToken ct, Dictionary<string, string>? given = null)
    {
        var version = await PostImportAsync(manifest, ct, given);
        await UntilAsync(version.Job, "succeeded", ct);
        return version;
    }

    public async Task<Guid> AddWorkspaceAsync(PostedVersion version, CancellationToken ct)
    {
        var id = TestIds.New();
        await Server.Database.ExecuteAsync(InsertWorkspace, ct, id, Now, User.Id, Organization, version.Template);
        return id;
    }

    /// <summary>Posts the next build of a workspace.</summary>
    public async Task<PostedBuild> PostBuildAsync(
        PostedVersion version, Guid workspace, WorkspaceTransition transition, CancellationToken ct)
    {
        var build = new PostedBuild(TestIds.New(), TestIds.New());
        await Server.Database.ExecuteAsync(
            PostBuild, ct, build.Job, Now, Organization, User.Id, build.Id, version.File, workspace, version.Id, transition.WireName());
        return build;
    }

    /// <summary>Cancels a job as the queue does.</summary>
    public Task CancelAsync(Guid job, CancellationToken ct) => Server.Database.ExecuteAsync(Cancel, ct, job, Now);

    /// <summary>Waits until a job has a status.</summary>
    public Task UntilAsync(Guid job, string status, CancellationToken ct) =>
        Server.Database.UntilAsync($"select job_status = '{status}' from provisioner_jobs where id = '{job}'", ct);

    /// <summary>Waits until a built-in daemon waits before it ends a job.</summary>
    public Task UntilItIsDelayedAsync(Guid job, CancellationToken ct) =>
        Server.Database.UntilAsync($"select exists (select from provisioner_job_logs where job_id = '{job}')", ct);

    public async Task<string?> ErrorAsync(Guid job, CancellationToken ct)
    {
        await UntilAsync(job, "failed", ct);
        return await Server.Database.ScalarAsync<string>("select error from provisioner_jobs where id = $1", ct, job);
    }

    /// <summary>The lines of a job's log, level first.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(Guid job, CancellationToken ct) =>
        (await Server.Database.ScalarAsync<string[]>(
            "select array_agg(level::text || ' ' || stage || ' | ' || output order by id) from provisioner_job_logs where job_id = $1", ct, job)) ?? [];

    private async ValueTask StartAsync(Action<CoderOptions> configure, CancellationToken ct)
    {
        Server = await TestServer.StartAsync(configure, ct);
        Organization = await Server.Database.DefaultOrganizationAsync(ct);
        User = await Server.Database.AddUserAsync(new NewTestUser { Username = "olga" }, Now, ct);
    }

    private static PaxTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };
}

/// <summary>A version with the job of its import.</summary>
public sealed record PostedVersion(Guid Id, Guid Template, Guid Job, Guid File);

/// <summary>A build with its job.</summary>
public sealed record PostedBuild(Guid Id, Guid Job);
