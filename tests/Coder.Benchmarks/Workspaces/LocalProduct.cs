using Coder.Api.Configuration;
using Coder.Api.Hosting;
using Coder.Benchmarks.Processes;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Benchmarks.Workspaces;

/// <summary>The product in this process with a database of its own, for what is measured below HTTP.</summary>
internal sealed class LocalProduct : IAsyncDisposable
{
    private readonly BenchFolder _folder;
    private readonly EmbeddedPostgresServer _postgres;
    private readonly WebApplication _app;

    private LocalProduct(BenchFolder folder, EmbeddedPostgresServer postgres, WebApplication app) =>
        (_folder, _postgres, _app) = (folder, postgres, app);

    /// <summary>Where the data are.</summary>
    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>The services of the product.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>A PostgreSQL that is durable as in production, with the schema and no rows.</summary>
    public static async Task<EmbeddedPostgresServer> StartPostgresAsync(BenchFolder folder, CancellationToken ct)
    {
        var postgres = await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { ConfigDirectory = folder.Path, BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN") },
            NullLogger.Instance,
            TestClock.System,
            ct);
        await new Migrator(postgres.ConnectionString, NullLogger.Instance).RunAsync(ct);
        return postgres;
    }

    /// <summary>Starts both. Nothing of the product works by itself on jobs.</summary>
    public static async Task<LocalProduct> StartAsync(string name, CancellationToken ct)
    {
        var folder = new BenchFolder(name);
        var postgres = await StartPostgresAsync(folder, ct);
        var options = new CoderOptions
        {
            HttpAddress = "127.0.0.1:0",
            PgConnectionUrl = postgres.ConnectionString,
            ProvisionerDaemons = "0",
        };
        var settings = CoderSettings.From(options).Match(s => s, e => throw new InvalidOperationException(e.Message));
        var app = CoderServer.Build(settings, settings.ConnectionString!, TestClock.System);
        await CoderServer.StartAsync(app, isAlone: true, ct);
        return new LocalProduct(folder, postgres, app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
