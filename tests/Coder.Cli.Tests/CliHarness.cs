using Coder.Cli.Common;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Cli.Tests;

/// <summary>Runs command lines in-process, with a folder of its own that is gone afterwards.</summary>
internal sealed class CliHarness : IDisposable
{
    public const string Url = "https://coder.test";
    public const string Session = "abcdefghij-0123456789012345678901";
    public static readonly Guid NewId = new("11111111-2222-4333-8444-555555555555");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-cli-");

    public FakeServer Server { get; } = new();

    public FakeTimeProvider Time { get; } = new HurriedTime(new DateTimeOffset(2025, 8, 1, 12, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public bool IsInteractive { get; set; }

    public bool CanRedraw { get; set; }

    public string Input { get; set; } = "";

    public byte[] Bytes { get; set; } = [];

    public Queue<string> Secrets { get; } = new();

    public HttpMessageHandler? Handler { get; set; }

    public string Output { get; private set; } = "";

    public string Errors { get; private set; } = "";

    public string ConfigFolder => Path.Combine(_folder.FullName, "config", "coderv2");

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void SignIn(string url = Url)
    {
        Directory.CreateDirectory(ConfigFolder);
        File.WriteAllText(Path.Combine(ConfigFolder, "url"), url);
        File.WriteAllText(Path.Combine(ConfigFolder, "session"), Session + "\n");
    }

    public string? Stored(string file)
    {
        var path = Path.Combine(ConfigFolder, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    public Task<int> RunAsync(params string[] args) => RunCancellableAsync(args, TestContext.Current.CancellationToken);

    public async Task<int> RunCancellableAsync(string[] args, CancellationToken cancellationToken)
    {
        var terminal = new Terminal(new StringReader(Input), IsInteractive, Secrets) { CanRedraw = CanRedraw, Bytes = new MemoryStream(Bytes) };
        var environment = new CliEnvironment
        {
            Variables = Variables,
            UserConfigDirectory = PathOf("config"),
            WorkingDirectory = _folder.FullName,
            NewId = () => NewId,
        };
        var code = await CliProgram.RunAsync(args, terminal, Handler ?? Server, Time, environment, cancellationToken);
        Output = terminal.Out.ToString()!;
        Errors = terminal.Error.ToString()!;
        return code;
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        Server.Dispose();
    }

    private sealed class Terminal(TextReader input, bool isInteractive, Queue<string> secrets) : ITerminal
    {
        public TextReader In => input;

        public TextWriter Out { get; } = new StringWriter { NewLine = "\n" };

        public TextWriter Error { get; } = new StringWriter { NewLine = "\n" };

        public bool IsInteractive => isInteractive;

        public bool CanRedraw { get; init; }

        public int Width => 40;

        public Stream Bytes { get; init; } = Stream.Null;

        public string? ReadSecret() => secrets.TryDequeue(out var secret) ? secret : null;
    }
}

/// <summary>A clock on which time passes as soon as somebody waits for it.</summary>
internal sealed class HurriedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}
