using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Jobs;

/// <summary>
/// Shows how a job gets on, on standard error: the stages of its log with the time that each took, and below them, where the terminal can
/// do that, one line that moves. Carriage returns and spaces do all of it, so that no terminal has to know escape sequences.
/// </summary>
internal sealed class JobDisplay(ITerminal terminal, TimeProvider time, bool isVerbose)
{
    private const string Frames = "|/-\\";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private string? _stage;
    private DateTimeOffset _stageBegan;
    private DateTimeOffset _lastLine;
    private string? _said;
    private string _activity = "";
    private long _activityBegan;
    private int _frame;
    private int _drawn;

    /// <summary>Shows what is new.</summary>
    internal void Show(JobState state, IReadOnlyList<JobLogLineJson> lines)
    {
        SayWhyItWaits(state);
        foreach (var line in lines)
        {
            Show(line);
        }

        if (state.Job.Status == JobJson.Canceling)
        {
            Say("==> Canceling");
        }

        if (state.Job.IsActive)
        {
            SetActivity(ActivityOf(state.Job));
        }
        else
        {
            EndStage(state.Job.CompletedAt ?? _lastLine);
        }
    }

    /// <summary>Waits, with a line that moves where there can be one.</summary>
    internal async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (!terminal.CanRedraw)
        {
            await Task.Delay(pause, time, cancellationToken);
            return;
        }

        for (var waited = TimeSpan.Zero; waited < pause; waited += Frame)
        {
            Draw();
            await Task.Delay(Frame, time, cancellationToken);
        }
    }

    /// <summary>Takes the moving line away, so that the next text begins in its place.</summary>
    internal void Clear()
    {
        if (_drawn > 0)
        {
            terminal.Error.Write($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }

    private void SayWhyItWaits(JobState state)
    {
        if (state.Job.Status != JobJson.Pending)
        {
            return;
        }

        if (state.Matched is { Available: 0 })
        {
            Say("==> Queued; no provisioner daemon is online that could take the job");
        }
        else if (!terminal.CanRedraw)
        {
            Say($"==> {ActivityOf(state.Job)}");
        }
    }

    private void Show(JobLogLineJson line)
    {
        if (line.Stage != _stage)
        {
            EndStage(line.CreatedAt);
            _stage = line.Stage ?? "";
            _stageBegan = line.CreatedAt;
            WriteLine($"==> {_stage}");
        }

        _lastLine = line.CreatedAt;
        if (isVerbose || line.LogLevel is not ("trace" or "debug"))
        {
            var mark = line.LogLevel switch { "warn" => "warning: ", "error" => "error: ", _ => "" };
            WriteLine($"    {mark}{line.Output}");
        }
    }

    private void EndStage(DateTimeOffset at)
    {
        if (_stage is not null)
        {
            WriteLine($"=== {_stage} [{Elapsed.Text(at - _stageBegan)}]");
            _stage = null;
        }
    }

    private string ActivityOf(JobJson job) => job.Status switch
    {
        JobJson.Pending when job.QueuePosition > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"Queued, position {job.QueuePosition} of {job.QueueSize}"),
        JobJson.Pending => "Queued",
        JobJson.Canceling => "Canceling",
        _ => _stage is { Length: > 0 } ? _stage : "Running",
    };

    private void SetActivity(string activity)
    {
        if (activity != _activity)
        {
            _activity = activity;
            _activityBegan = time.GetTimestamp();
        }

        if (terminal.CanRedraw)
        {
            Draw();
        }
    }

    private void Draw()
    {
        var seconds = (long)time.GetElapsedTime(_activityBegan).TotalSeconds;
        var text = CliError.Printable(string.Create(
            CultureInfo.InvariantCulture, $"{Frames[_frame++ % Frames.Length]} {_activity} ({seconds}s)"));

        // A line that is as wide as the terminal would wrap, and could not be taken back.
        text = text.Length < terminal.Width ? text : text[..Math.Max(terminal.Width - 1, 0)];
        terminal.Error.Write($"\r{text.PadRight(_drawn)}");
        _drawn = Math.Max(_drawn, text.Length);
    }

    private void Say(string text)
    {
        if (text != _said)
        {
            _said = text;
            WriteLine(text);
        }
    }

    private void WriteLine(string text)
    {
        Clear();
        terminal.Error.WriteLine(CliError.Printable(text));
    }
}
