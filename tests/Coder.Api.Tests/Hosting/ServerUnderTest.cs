using System.Diagnostics;
using System.Text.RegularExpressions;
using Coder.Testing;

namespace Coder.Api.Tests.Hosting;

/// <summary>One process of the server with what it wrote.</summary>
internal sealed partial class ServerUnderTest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    public ServerUnderTest(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("CODER_", StringComparison.Ordinal) && k != "CODER_PG_BIN").ToArray())
        {
            start.Environment.Remove(name);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data, _output);
        _process.ErrorDataReceived += (_, e) => Take(e.Data, _errors);
        _process.Exited += (_, _) => _url.TrySetException(new InvalidOperationException($"The server ended early: {Errors}{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public Task<Uri> UrlAsync(CancellationToken ct) => _url.Task.WaitAsync(Patience, TestClock.System, ct);

    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        return await ExitAsync(ct);
    }

    public void Kill() => _process.Kill();

    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct).WaitAsync(Patience, TestClock.System, ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line, List<string> lines)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        if (UrlLine().Match(line) is { Success: true } match)
        {
            _url.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    private static string Read(List<string> lines)
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }

    [GeneratedRegex(@"^\s*URL\s+(http\S+)")]
    private static partial Regex UrlLine();
}
