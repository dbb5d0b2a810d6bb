using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>
/// What the daemon shows: lines with the time, and on a terminal below them one line that always tells what is going on. Where output goes
/// into a file there are only lines, one for each step of a job.
/// </summary>
internal sealed class DaemonConsole(ITerminal terminal, TimeProvider time)
{
    private const string Erase = "\r\u001b[2K";
    private const int Width = 100;

    private readonly Lock _lock = new();
    private string _step = "";
    private string _status = "";

    /// <summary>Writes a line.</summary>
    internal void Line(string text)
    {
        lock (_lock)
        {
            Clear();
            terminal.Error.WriteLine($"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {CliError.Printable(text)}");
            Draw();
        }
    }

    /// <summary>Writes a failure as one line; hints for the command line are not for a log.</summary>
    internal void Line(string text, CliError error) =>
        Line(string.IsNullOrEmpty(error.Detail) ? $"{text}: {error.Message}" : $"{text}: {error.Message}: {error.Detail}");

    /// <summary>Shows how a job goes on.</summary>
    /// <param name="job">Its short name.</param>
    /// <param name="stage">A new one is a line where there is no terminal.</param>
    /// <param name="output">The last line of its log.</param>
    internal void Progress(string job, string stage, string output)
    {
        var step = $"{job}: {stage}";
        if (!terminal.CanRedraw)
        {
            lock (_lock)
            {
                if (_step == step)
                {
                    return;
                }

                _step = step;
            }

            Line(step);
            return;
        }

        lock (_lock)
        {
            var text = CliError.Printable($"{step}: {output}");
            _status = text.Length <= Width ? text : $"{text[..Width]}…";
            Clear();
            Draw();
        }
    }

    /// <summary>Nothing is going on any more, or something else is.</summary>
    internal void Idle(string status = "")
    {
        lock (_lock)
        {
            _step = "";
            _status = status;
            Clear();
            Draw();
        }
    }

    private void Clear()
    {
        if (terminal.CanRedraw)
        {
            terminal.Error.Write(Erase);
        }
    }

    private void Draw()
    {
        if (terminal.CanRedraw && _status.Length > 0)
        {
            terminal.Error.Write(_status);
        }
    }
}
