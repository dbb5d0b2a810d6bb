using System.Diagnostics;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

/// <summary>A stopped database that tests copy, because a copy is several times faster than a first run.</summary>
public sealed class PreparedData : IAsyncLifetime
{
    private readonly TemporaryFolder _temporary = new();

    public async ValueTask InitializeAsync()
    {
        var options = new EmbeddedPostgresOptions
        {
            ConfigDirectory = _temporary.Path,
            BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN"),
            SyncNewData = false,
        };
        await using var server = await EmbeddedPostgresServer.StartAsync(
            options, NullLogger.Instance, TestClock.System, CancellationToken.None);
    }

    /// <summary>Copies data and password, with their owners, into a configuration folder.</summary>
    public async Task CopyToAsync(string configDirectory, CancellationToken ct)
    {
        Directory.CreateDirectory(configDirectory);
        using var copy = Process.Start("cp", ["-a", Path.Combine(_temporary.Path, "postgres"), configDirectory]);
        await copy.WaitForExitAsync(ct);
        copy.ExitCode.Should().Be(0);
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return ValueTask.CompletedTask;
    }
}
