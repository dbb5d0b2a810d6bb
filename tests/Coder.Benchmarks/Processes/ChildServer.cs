using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;

namespace Coder.Benchmarks.Processes;

/// <summary>A server in a process of its own, on a free port of this machine.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int KeptLines = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines;

    private ChildServer(Process process, int port, ConcurrentQueue<string> lines)
    {
        _process = process;
        _lines = lines;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Time from before the process was made until it answered <c>/healthz</c>.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>Processor time that the process used up to now, all threads together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Processor time that went into compiling in the background.</summary>
    public TimeSpan CompilerTime => Processes.CompilerTime.Of(_process.Id);

    /// <summary>Resident memory in mebibytes.</summary>
    public double ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Starts the product on a database that runs already.</summary>
    public static Task<ChildServer> StartProductAsync(string connectionString, CancellationToken ct) =>
        StartAsync("Coder.Api.dll", "", [("CODER_PG_CONNECTION_URL", connectionString)], ct);

    /// <summary>The same with keys of its own for licenses.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="licenseKeys">The value of <c>CODER_LICENSE_KEYS</c>.</param>
    /// <param name="ct">Stops the start.</param>
    public static Task<ChildServer> StartLicensedProductAsync(string connectionString, string licenseKeys, CancellationToken ct) =>
        StartAsync("Coder.Api.dll", "", [("CODER_PG_CONNECTION_URL", connectionString), ("CODER_LICENSE_KEYS", licenseKeys)], ct);

    /// <summary>The product without any rate limit: not even sign-ins are refused, of which an address has few.</summary>
    public static Task<ChildServer> StartUnlimitedProductAsync(string connectionString, CancellationToken ct) => StartAsync(
        "Coder.Api.dll", "", [("CODER_PG_CONNECTION_URL", connectionString), ("CODER_DANGEROUS_DISABLE_RATE_LIMITS", "true")], ct);

    /// <summary>Starts the product as it is without any configuration, with an embedded PostgreSQL below a folder.</summary>
    public static Task<ChildServer> StartProductWithOwnDatabaseAsync(string configDirectory, CancellationToken ct) =>
        StartAsync("Coder.Api.dll", "", [("CODER_CONFIG_DIR", configDirectory)], ct);

    /// <summary>Starts the bare endpoints that the product is compared with.</summary>
    public static Task<ChildServer> StartBareAsync(string connectionString, CancellationToken ct) =>
        StartAsync("Coder.Benchmarks.dll", Http.BareServer.Command, [("CODER_PG_CONNECTION_URL", connectionString)], ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (OperatingSystem.IsWindows() || !UnixCalls.Signal(_process.Id, Terminate))
            {
                _process.Kill();
            }

            using var patience = new CancellationTokenSource(Patience, TestClock.System);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static async Task<ChildServer> StartAsync(
        string program, string arguments, IReadOnlyList<(string Name, string Value)> settings, CancellationToken ct)
    {
        var port = ServerSettings.FreePort();
        var start = Info(program, arguments);
        start.Environment["CODER_HTTP_ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{port}");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        // High enough to refuse nothing; what counting costs belongs to what is measured.
        start.Environment["CODER_API_RATE_LIMIT"] = "1000000000";

        var lines = new ConcurrentQueue<string>();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Keep(lines, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(lines, e.Data);
        var server = new ChildServer(process, port, lines);
        var before = TestClock.System.GetTimestamp();
        process.Start();
        try
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await server.WaitUntilHealthyAsync(before, ct);
            server.StartTook = TestClock.System.GetElapsedTime(before);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static ProcessStartInfo Info(string program, string arguments)
    {
        var start = new ProcessStartInfo("dotnet", $"\"{Path.Combine(AppContext.BaseDirectory, program)}\" {arguments}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Settings of whoever runs this must not change what is measured; where PostgreSQL is may be theirs to say.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("CODER_", StringComparison.Ordinal) && k != "CODER_PG_BIN").ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null && lines.Count < KeptLines)
        {
            lines.Enqueue(line);
        }
    }

    private async Task WaitUntilHealthyAsync(long before, CancellationToken ct)
    {
        using var client = LocalClient.Create(Port);
        while (TestClock.System.GetElapsedTime(before) < Patience)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server ended at once:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}");
            }

            try
            {
                using var answer = await client.GetAsync(new Uri("/healthz", UriKind.Relative), ct);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Pause, TestClock.System, ct);
            }
        }

        throw new InvalidOperationException($"The server does not answer:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}");
    }
}
