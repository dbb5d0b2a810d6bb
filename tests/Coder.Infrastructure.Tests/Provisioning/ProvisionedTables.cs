using System.Formats.Tar;
using System.Text;
using Coder.Application;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Application.Files;
using Coder.Application.Licensing;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Files;
using Coder.Infrastructure.Provisioning;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NSubstitute;

namespace Coder.Infrastructure.Tests.Provisioning;

/// <summary>A database with one organization and one user, where jobs begin by rows and end through <see cref="IJobResults"/>.</summary>
public sealed class ProvisionedTables : IAsyncLifetime
{
    private const string InsertJob = """
        insert into provisioner_jobs
            (id, created_at, updated_at, started_at, organization_id, initiator_id, provisioner, type, input, file_id)
        values ($1, $2, $2, $2, $3, $4, 'echo', $5::provisioner_job_type, $7::jsonb, $6)
        """;

    private const string InsertVersion = """
        insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by, readme)
        values ($1, $2, $3, $4, $4, $5, $6, $7, 'old')
        """;

    private const string InsertTemplate = """
        insert into templates (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, created_by)
        values ($1, $2, $2, $3, $4, 'echo', $5, $6)
        """;

    private const string InsertWorkspace = """
        insert into workspaces (id, created_at, updated_at, owner_id, organization_id, template_id, name)
        values ($1, $2, $2, $3, $4, $5, $6)
        """;

    private const string InsertBuild = """
        insert into workspace_builds (id, created_at, updated_at, workspace_id, template_version_id, build_number, transition, initiator_id, job_id)
        select $1, $2, $2, $3, $4, 1 + count(*), $5::workspace_transition, $6, $7 from workspace_builds where workspace_id = $3
        """;

    private readonly IEntitlementSource _entitlements = Substitute.For<IEntitlementSource>();
    private NpgsqlDataSource _source = null!;
    private ServiceProvider _services = null!;

    /// <summary>When everything happens: a Sunday at noon.</summary>
    public static DateTimeOffset At { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TestDatabase Database { get; private set; } = null!;

    public Guid Organization { get; private set; }

    public TestAccount User { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        Database = await TestDatabase.CreateAsync(ct);
        _source = NpgsqlDataSource.Create(Database.ConnectionString);
        Organization = await Database.DefaultOrganizationAsync(ct);
        User = await Database.AddUserAsync(new NewTestUser { Username = "olga" }, At, ct);
        SetLicensed(false);
        _services = new ServiceCollection()
            .AddCoderApplication()
            .AddSingleton(TestClock.System)
            .AddSingleton(_entitlements)
            .AddSingleton(new QuietHoursOptions(Deadline.DefaultQuietHours))
            .AddSingleton<IIds, Ids>()
            .AddScoped(_ => new DbSession(_source, TestClock.System))
            .AddScoped<IFileStore, FileStore>()
            .AddScoped<NewResources>()
            .AddScoped<IJobResultStore, JobResultStore>()
            .AddScoped<IConnectionSessions, ConnectionSessions>()
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Whether the deployment has a license with all features.</summary>
    public void SetLicensed(bool isLicensed)
    {
        var claims = new LicenseClaims
        {
            IssuedAt = At.AddDays(-1),
            NotBefore = At.AddDays(-1),
            LicenseExpires = At.AddDays(100),
            Expires = At.AddDays(100),
            FeatureSet = FeatureSet.Premium,
        };
        var current = LicenseEvaluator.Evaluate(
            isLicensed ? [new StoredLicense(1, TestIds.New(), claims)] : [], new DeploymentUsage(), FeatureSwitches.Default, At, _ => 0);
        _entitlements.Current.Returns(current);
    }

    /// <summary>Does something with the results, in a transaction as the queue does.</summary>
    public async Task<Result<T>> InTransactionAsync<T>(Func<IJobResults, CancellationToken, Task<Result<T>>> work, CancellationToken ct)
    {
        await using var scope = _services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<DbSession>();
        return await session.RunAsync(
            System.Data.IsolationLevel.ReadCommitted, token => work(scope.ServiceProvider.GetRequiredService<IJobResults>(), token), ct);
    }

    /// <summary>Does something with the store, beneath the rules.</summary>
    public async Task StoreAsync(Func<IJobResultStore, CancellationToken, Task> work, CancellationToken ct)
    {
        await using var scope = _services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<IJobResultStore>(), ct);
    }

    /// <summary>Stores an archive with a manifest and a readme.</summary>
    public async Task<Guid> AddArchiveAsync(string manifest, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(File("coder-template.json", manifest), ct);
            await writer.WriteEntryAsync(File("README.md", "# Hello"), ct);
        }

        // The same bytes twice would be the same file.
        return await Database.AddFileAsync((await Database.AddUserAsync(new NewTestUser(), At, ct)).Id, stream.ToArray(), ct);
    }

    /// <summary>A version whose import runs.</summary>
    public async Task<TestVersion> AddVersionAsync(string manifest, CancellationToken ct, Dictionary<string, string>? given = null)
    {
        var (version, template, file) = (TestIds.New(), TestIds.New(), await AddArchiveAsync(manifest, ct));
        var job = await AddJobAsync(
            JobType.TemplateVersionImport, new JobInput { TemplateVersionId = version, UserVariableValues = given }, file, ct);
        await Database.ExecuteAsync(InsertTemplate, ct, template, At, Organization, $"t-{template:N}", version, User.Id);
        await Database.ExecuteAsync(InsertVersion, ct, version, template, Organization, At, $"v-{version:N}", job, User.Id);
        return new TestVersion(version, template, job, file);
    }

    /// <summary>A version that is imported.</summary>
    public async Task<TestVersion> ImportAsync(string manifest, CancellationToken ct, Dictionary<string, string>? given = null)
    {
        var version = await AddVersionAsync(manifest, ct, given);
        (await CompleteImportAsync(version, new ImportResult { FromManifest = true }, ct)).Error.Should().BeNull();
        return version;
    }

    public Task<Result<IReadOnlyList<AgentToken>>> CompleteImportAsync(TestVersion version, ImportResult result, CancellationToken ct) =>
        InTransactionAsync((results, token) => results.CompleteImportAsync(version.Job, result, At, token), ct);

    public async Task<Guid> AddWorkspaceAsync(TestVersion version, CancellationToken ct, Guid? owner = null)
    {
        var id = TestIds.New();
        await Database.ExecuteAsync(InsertWorkspace, ct, id, At, owner ?? User.Id, Organization, version.Template, $"w-{id:N}"[..20]);
        return id;
    }

    /// <summary>The next build of a workspace, whose job runs.</summary>
    public async Task<TestBuild> AddBuildAsync(
        TestVersion version, Guid workspace, WorkspaceTransition transition, CancellationToken ct, PrebuildStage stage = PrebuildStage.None)
    {
        var id = TestIds.New();
        var job = await AddJobAsync(JobType.WorkspaceBuild, new JobInput { WorkspaceBuildId = id, Stage = stage }, version.File, ct);
        await Database.ExecuteAsync(InsertBuild, ct, id, At, workspace, version.Id, transition.WireName(), User.Id, job);
        return new TestBuild(id, job);
    }

    public Task<Result<IReadOnlyList<AgentToken>>> CompleteBuildAsync(TestBuild build, BuildResult result, CancellationToken ct) =>
        InTransactionAsync((results, token) => results.CompleteBuildAsync(build.Job, result, At, token), ct);

    /// <summary>A build that is carried out from the manifest.</summary>
    public async Task<TestBuild> BuildAsync(
        TestVersion version, Guid workspace, WorkspaceTransition transition, CancellationToken ct, PrebuildStage stage = PrebuildStage.None)
    {
        var build = await AddBuildAsync(version, workspace, transition, ct, stage);
        (await CompleteBuildAsync(build, new BuildResult { FromManifest = true }, ct)).Error.Should().BeNull();
        return build;
    }

    public async Task FailAsync(Guid job, string error, JobErrorCode? code, ReadOnlyMemory<byte>? state, CancellationToken ct) =>
        (await InTransactionAsync<Done>(
            async (results, token) =>
            {
                await results.FailAsync(job, error, code, state, At, token);
                return Done.Value;
            },
            ct)).Error.Should().BeNull();

    /// <summary>All rows of a query, each as a line with the JSON of PostgreSQL.</summary>
    public async Task<string> RowsAsync(string query, CancellationToken ct, params object[] parameters) =>
        await Database.ScalarAsync<string>($"select string_agg(row_to_json(r)::text, chr(10)) from ({query}) r", ct, parameters) ?? "";

    private async Task<Guid> AddJobAsync(JobType type, JobInput input, Guid file, CancellationToken ct)
    {
        var id = TestIds.New();
        await Database.ExecuteAsync(InsertJob, ct, id, At, Organization, User.Id, type.WireName(), file, StoredInput.Write(input));
        return id;
    }

    private static PaxTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };
}

/// <summary>A version of a template with its import.</summary>
public sealed record TestVersion(Guid Id, Guid Template, Guid Job, Guid File);

/// <summary>A build with its job.</summary>
public sealed record TestBuild(Guid Id, Guid Job);
