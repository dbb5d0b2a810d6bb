using Coder.Cli.Provisionerd.Terraform;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

/// <summary>A shell script stands for Terraform.</summary>
public sealed class TerraformProcessTests : IDisposable
{
    private const string NoShell = "There is no /bin/sh here.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-cli-");
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];

    public TerraformProcessTests() => Assert.SkipUnless(File.Exists("/bin/sh"), NoShell);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Lines_and_exit_code_come_back_and_nothing_else_is_inherited()
    {
        var process = Process("""
            echo "$1 $2"
            echo "$SECRET$MINE"
            printf 'no end'
            echo problem >&2
            exit 3
            """);

        var code = await RunAsync(process, CancellationToken.None, "apply", "-json");

        code.Should().Be(3);
        _lines.Should().Equal("apply -json", "yes", "no end");
        _errors.Should().Equal("problem");
    }

    [Fact]
    public async Task A_document_is_captured()
    {
        var process = Process("echo '{\"a\":'; echo '1}'; exit $2");

        (await process.CaptureAsync(["show", "0"], _errors.Add, CancellationToken.None)).Is(out var text, out _).Should().BeTrue();
        (await process.CaptureAsync(["show", "4"], _errors.Add, CancellationToken.None)).Error!.Message.Should().Be("terraform show failed with exit code 4");

        text.Should().Be("{\"a\":\n1}\n");
    }

    [Fact]
    public async Task It_is_asked_to_end_first()
    {
        using var stop = new CancellationTokenSource();
        var process = Process("trap 'echo asked; exit 0' INT\necho ready\nsleep 600 & wait");

        var running = RunAsync(process, stop.Token);
        await UntilAsync(() => _lines.Contains("ready"));
        await stop.CancelAsync();

        await running.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        _lines.Should().Equal("ready", "asked");
    }

    [Fact]
    public async Task Then_all_of_it_is_killed()
    {
        using var stop = new CancellationTokenSource();
        var process = Process("trap '' INT\nsleep 600 &\necho $!\necho $$\nwait");

        var running = RunAsync(process, stop.Token);
        await UntilAsync(() => _lines.Count == 2);
        await stop.CancelAsync();
        await UntilAsync(() => running.IsCompleted);

        await running.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        await UntilAsync(() => _lines.TrueForAll(id => !IsAlive(id)));
    }

    [Fact]
    public async Task What_it_leaves_behind_ends_with_it()
    {
        var process = Process("sleep 600 &\necho $!");

        var code = await RunAsync(process, CancellationToken.None);

        code.Should().Be(0);
        await UntilAsync(() => !IsAlive(_lines[0]));
    }

    [Fact]
    public async Task A_program_that_can_not_be_started_is_an_error()
    {
        var settings = Settings() with { Binary = Path.Combine(_folder.FullName, "gone") };
        var process = new TerraformProcess(settings, Path.Combine(_folder.FullName, "nowhere"), new Dictionary<string, string>(), _time);

        var ended = await process.RunAsync(["init"], _lines.Add, _errors.Add, CancellationToken.None);

        ended.Error!.Message.Should().StartWith("Can not start ");
    }

    private static bool IsAlive(string id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture));

            // A zombie waits for its parent only.
            return !File.Exists($"/proc/{id}/stat") || !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private async Task<int> RunAsync(TerraformProcess process, CancellationToken stop, params string[] arguments)
    {
        var ended = await process.RunAsync(arguments, Add, _errors.Add, stop);
        return ended.Is(out var code, out var error) ? code : throw new InvalidOperationException(error.Message);
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    private TerraformSettings Settings() => new()
    {
        Binary = Path.Combine(_folder.FullName, "terraform"),
        Url = CliHarness.Url,
        Patience = TimeSpan.FromSeconds(2),
        Inherited = new Dictionary<string, string>(),
    };

    // Whoever runs the tests in the background of a shell may have them started with interrupts ignored, and then no shell can trap them.
    private static string Shell() => IsInterruptIgnored() ? "/usr/bin/env -S --default-signal=INT /bin/sh" : "/bin/sh";

    private static bool IsInterruptIgnored()
    {
        const string Ignored = "SigIgn:";
        const ulong Interrupt = 1 << 1;
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & Interrupt) != 0;
    }

    private TerraformProcess Process(string script)
    {
        Environment.SetEnvironmentVariable("SECRET", "no");
        var settings = Settings();
        File.WriteAllText(settings.Binary, $"#!{Shell()}\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.Binary, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new TerraformProcess(
            settings, _folder.FullName, new Dictionary<string, string> { ["MINE"] = "yes", ["PATH"] = "/usr/bin:/bin" }, _time);
    }
}
