using System.Text;
using Coder.Cli;
using Coder.Cli.Common;

namespace Coder.Api.Tests.Cli;

/// <summary>What a command of the tool left.</summary>
internal sealed record CliRun(int Code, string Output, string Errors)
{
    public string All => Output + Errors;
}

/// <summary>Somebody who works with the tool in a folder of their own, over real HTTP.</summary>
internal sealed class CliJourney(TimeProvider time) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-journey-");
    private int _ids;

    /// <summary>What the person types into the next command; <see langword="null"/> for a script.</summary>
    public string? Answers { get; set; }

    /// <summary>Hears of everything that a command writes to standard error, as it is written.</summary>
    public Action<string>? Heard { get; set; }

    public void Dispose() => _folder.Delete(recursive: true);

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public async Task WriteAsync(string file, string text, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        await File.WriteAllTextAsync(PathOf(file), text, ct);
    }

    public async Task<CliRun> SucceedAsync(params string[] args)
    {
        var run = await RunAsync(args);
        run.Code.Should().Be(0, run.All);
        return run;
    }

    public async Task<CliRun> FailAsync(params string[] args)
    {
        var run = await RunAsync(args);
        run.Code.Should().Be(1, run.All);
        return run;
    }

    public Task<CliRun> RunAsync(params string[] args) => RunCancellableAsync(args, TestContext.Current.CancellationToken);

    public async Task<CliRun> RunCancellableAsync(string[] args, CancellationToken ct)
    {
        var terminal = new Terminal(Answers, Heard);
        Answers = null;
        var environment = new CliEnvironment
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal),
            UserConfigDirectory = PathOf("config"),
            WorkingDirectory = _folder.FullName,
            NewId = () => new Guid(++_ids, 0, 0, new byte[8]),
        };
        var code = await CliProgram.RunAsync(args, terminal, null, time, environment, ct);
        return new CliRun(code, terminal.Out.ToString()!, terminal.Error.ToString()!);
    }

    private sealed class Terminal(string? answers, Action<string>? heard) : ITerminal
    {
        public TextReader In { get; } = new StringReader(answers ?? "");

        public TextWriter Out { get; } = new StringWriter { NewLine = "\n" };

        public TextWriter Error { get; } = new Hearing(heard) { NewLine = "\n" };

        public bool IsInteractive => answers is not null;

        public string? ReadSecret() => In.ReadLine();
    }

    private sealed class Hearing(Action<string>? heard) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            heard?.Invoke(value ?? "");
        }
    }
}
