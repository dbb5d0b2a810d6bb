using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Provisioning;

/// <summary>A server with a shared secret, that notes what jobs leave. There is an organization for each test, so that queues do not meet.</summary>
public sealed class QueueServer : IAsyncLifetime
{
    /// <summary>The shared secret of daemons.</summary>
    public const string Secret = "pre-shared";

    /// <summary>The manifest in the archive of every job.</summary>
    public const string Manifest = """{ "version": 1, /* of a test */ "resources": [], }""";

    private static readonly DateTimeOffset LongAgo = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private TestServer? _server;
    private TestUser? _owner;

    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>May do everything.</summary>
    public TestUser Owner => _owner ?? throw new InvalidOperationException("The server was not started.");

    public NotedResults Results { get; } = new();

    public JobSignals Signals => Server.Services.GetRequiredService<JobSignals>();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            options => options.ProvisionerDaemonPsk = Secret,
            CancellationToken.None,
            services => services.AddSingleton<IJobResults>(Results));
        _owner = await _server.AddUserAsync(["owner"], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>An organization of its own.</summary>
    public Task<Guid> AddOrganizationAsync(CancellationToken ct) => Server.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], ct);

    /// <summary>A daemon that was heard of long ago and that whoever may change daemons can drive.</summary>
    public Task<Guid> AddDaemonAsync(Guid organization, CancellationToken ct) =>
        Server.Database.AddDaemonAsync(organization, LongAgo, JobTags.Default, ct);

    /// <summary>A job without an announcement.</summary>
    public async Task<Guid> AddJobAsync(Guid organization, CancellationToken ct, Func<NewTestJob, NewTestJob>? change = null)
    {
        var job = new NewTestJob { Organization = organization, File = await AddArchiveAsync(ct), CreatedAt = Server.Clock.GetUtcNow() };
        return await Server.Database.AddJobAsync(change?.Invoke(job) ?? job, ct);
    }

    /// <summary>A job that entered the queue as others do.</summary>
    public async Task<Guid> PostJobAsync(Guid organization, CancellationToken ct)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var job = new NewJob
        {
            Id = TestIds.New(),
            CreatedAt = Server.Clock.GetUtcNow(),
            OrganizationId = organization,
            InitiatorId = Owner.Id,
            Provisioner = ProvisionerType.Echo,
            Type = JobType.TemplateVersionImport,
            Input = new JobInput { TemplateVersionId = TestIds.New(), UserVariableValues = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "eu" } },
            FileId = await AddArchiveAsync(ct),
            Tags = JobTags.Default,
            Priority = QueuePriority.Awaited,
        };
        await scope.ServiceProvider.GetRequiredService<IJobQueue>().PostAsync(job, ct);
        return job.Id;
    }

    /// <summary>Cancels a job as a build's cancellation does.</summary>
    public async Task CancelAsync(Guid job, CancellationToken ct)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<IJobQueue>();
        await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().RunAsync(
            System.Data.IsolationLevel.ReadCommitted,
            async inner =>
            {
                var locked = await queue.LockAsync(job, inner);
                await queue.CancelAsync(locked!, Server.Clock.GetUtcNow(), inner);
                return Result<Done>.From(Done.Value);
            },
            ct);
    }

    /// <summary>The job as clients see it.</summary>
    public async Task<JsonObject> JobAsync(Guid organization, Guid job, CancellationToken ct) =>
        await (await Owner.Client.GetAsync($"/api/v2/organizations/{organization}/provisionerjobs/{job}", ct)).JsonAsync(ct);

    /// <summary>Asks for a job without waiting.</summary>
    public Task<HttpResponseMessage> AcquireAsync(Guid daemon, CancellationToken ct, object? body = null, HttpClient? client = null) =>
        (client ?? Owner.Client).PostAsJsonAsync($"/api/v2/provisionerdaemons/{daemon}/acquire", body ?? new { wait_ms = 0 }, ct);

    /// <summary>A client that drives daemons by a header.</summary>
    public HttpClient Driver(string header, string value)
    {
        var client = Server.With("");
        client.DefaultRequestHeaders.Remove("Coder-Session-Token");
        client.DefaultRequestHeaders.Add(header, value);
        return client;
    }

    private async Task<Guid> AddArchiveAsync(CancellationToken ct)
    {
        using var tar = new MemoryStream();
        using var manifest = new MemoryStream(Encoding.UTF8.GetBytes(Manifest));
        using var filler = new MemoryStream([1]);
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "coder-template.json") { DataStream = manifest },
                ct);
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, $"{TestIds.New():N}.txt") { DataStream = filler }, ct);
        }

        return await Server.Database.AddFileAsync(Owner.Id, tar.ToArray(), ct);
    }
}

/// <summary>Notes what the queue hands over when jobs end.</summary>
public sealed class NotedResults : IJobResults
{
    /// <summary>The agent of every result.</summary>
    public static readonly AgentToken Agent = new(
        new Guid("0b3a4f0e-0000-4000-8000-0000000000a1"), "main", new Guid("0b3a4f0e-0000-4000-8000-0000000000a2"));

    public ConcurrentDictionary<Guid, object> Written { get; } = [];

    public ConcurrentDictionary<Guid, IReadOnlyList<TemplateVariable>> Wanted { get; } = [];

    public Task<Result<IReadOnlyList<AgentToken>>> CompleteImportAsync(
        Guid job, ImportResult result, DateTimeOffset at, CancellationToken cancellationToken) => Note(job, result);

    public Task<Result<IReadOnlyList<AgentToken>>> CompleteBuildAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken) => Note(job, result);

    public Task<Result<IReadOnlyList<AgentToken>>> CompleteDryRunAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken) => Note(job, result);

    public Task FailAsync(
        Guid job,
        string error,
        JobErrorCode? errorCode,
        ReadOnlyMemory<byte>? state,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        Written[job] = (error, errorCode, state is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null);
        return Task.CompletedTask;
    }

    public Task WantAsync(Guid job, IReadOnlyList<TemplateVariable> variables, CancellationToken cancellationToken)
    {
        Wanted[job] = variables;
        return Task.CompletedTask;
    }

    private Task<Result<IReadOnlyList<AgentToken>>> Note(Guid job, object result)
    {
        Written[job] = result;
        return Task.FromResult(Result<IReadOnlyList<AgentToken>>.From([Agent]));
    }
}
