using Coder.Cli.Common;
using Coder.Cli.Provisionerd;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Cli.Tests.Provisionerd;

/// <summary>A daemon, whose work is a function, on a server in memory. Time passes only while a test waits for something.</summary>
internal sealed class DaemonScene : IProvisioner, ITerminal, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-cli-");
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly TextWriter _synchronized;

    public DaemonScene() => _synchronized = TextWriter.Synchronized(_errors);

    public DaemonServer Server { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2025, 8, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Where the daemon keeps states that the server does not take.</summary>
    public string UnsavedStates => Path.Combine(_folder.FullName, "provisionerd", "unsaved-states");

    /// <summary>See <see cref="DaemonTiming.Farewell"/>; it passes by itself.</summary>
    public TimeSpan Farewell { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What the daemon does with a job.</summary>
    public Func<AcquiredJobJson, string, IJobLog, CancellationToken, Task<JobOutcome>> Work { get; set; } =
        (_, _, _, _) => Task.FromResult<JobOutcome>(new JobOutcome.Done(new CompleteJobJson()));

    public string Output => _errors.ToString();

    public string Name => "terraform";

    public TextReader In => TextReader.Null;

    public TextWriter Out => TextWriter.Null;

    public TextWriter Error => _synchronized;

    public bool IsInteractive => false;

    public bool CanRedraw { get; set; }

    public string? ReadSecret() => null;

    public Task<JobOutcome> RunAsync(AcquiredJobJson job, string folder, IJobLog log, CancellationToken stop) => Work(job, folder, log, stop);

    public void Drain() => _drain.Cancel();

    public void Abandon() => _abandon.Cancel();

    /// <summary>Starts the daemon; it ends after <see cref="Drain"/> or with an error.</summary>
    public async Task<CliError?> RunAsync()
    {
        using var client = new DaemonClient(Server, CliHarness.Url, DaemonCredential.SharedSecret("s3cret"), new FakeTimeProvider());
        var settings = new DaemonSettings
        {
            Name = "mole",
            Organization = "default",
            Tags = new Dictionary<string, string> { ["scope"] = "organization" },
            PollInterval = TimeSpan.FromSeconds(20),
            UnsavedStates = new UnsavedStates(UnsavedStates),
            Timing = new DaemonTiming { Farewell = Farewell },
        };
        var daemon = new Daemon(client, settings, this, new DaemonConsole(this, Time), Time, () => CliHarness.NewId);
        return await daemon.RunAsync(_drain.Token, _abandon.Token);
    }

    /// <summary>Waits until something is so, while the test lets time pass: for the work of the daemon.</summary>
    public async Task WaitAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Time, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass until a task has ended.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        await UntilAsync(() => task.IsCompleted);
        return await task;
    }

    /// <summary>Runs the daemon until a call was made so and so often, and then ends it.</summary>
    public async Task<CliError?> RunUntilAsync(string call, int times = 1)
    {
        var running = RunAsync();
        await UntilAsync(() => running.IsCompleted || Server.Names.Count(name => name == call) >= times);
        Drain();
        return await UntilAsync(running);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _drain.Dispose();
        _abandon.Dispose();
        Server.Dispose();
        _synchronized.Dispose();
        _errors.Dispose();
    }
}
