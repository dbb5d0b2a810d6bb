using System.Threading.Channels;

namespace Coder.Cli.Provisionerd;

/// <summary>Why a job stops before it has ended.</summary>
internal enum StopReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Somebody canceled it.</summary>
    Canceled,

    /// <summary>The server has ended it or given it to somebody else.</summary>
    Taken,

    /// <summary>The server was not heard of for too long.</summary>
    Lost,
}

/// <summary>
/// Carries the lines of one job to the server, gathered for a moment, and hears on the way whether the job is to stop. Every report is
/// also the sign that the daemon still works on the job.
/// </summary>
internal sealed class JobLog : IJobLog, IDisposable
{
    private const string Source = "provisioner";
    private const int LinesPerCall = 100;
    private const int LongestLine = 64 * 1024;

    // The server keeps 1 MiB; more needs no way there.
    private const long MostCharacters = 2 * 1024 * 1024;

    private readonly DaemonClient _client;
    private readonly Guid _daemon;
    private readonly Guid _job;
    private readonly DaemonTiming _timing;
    private readonly TimeProvider _time;
    private readonly Action<string, string> _progress;
    private readonly Channel<LogLineJson> _lines = Channel.CreateUnbounded<LogLineJson>();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private Task _carrying = Task.CompletedTask;
    private Task<bool>? _more;
    private long _characters;

    /// <param name="client">Carries the lines.</param>
    /// <param name="daemon">Who works.</param>
    /// <param name="job">On what.</param>
    /// <param name="timing">How often.</param>
    /// <param name="time">The clock of the lines.</param>
    /// <param name="progress">Is shown the stage and the output of each line.</param>
    internal JobLog(DaemonClient client, Guid daemon, Guid job, DaemonTiming timing, TimeProvider time, Action<string, string> progress)
    {
        _client = client;
        _daemon = daemon;
        _job = job;
        _timing = timing;
        _time = time;
        _progress = progress;
    }

    /// <summary>Fires when the job is to stop.</summary>
    internal CancellationToken Stop => _stop.Token;

    /// <summary>Why <see cref="Stop"/> fired.</summary>
    internal StopReason Reason { get; private set; }

    public void Dispose()
    {
        _stop.Dispose();
        _end.Dispose();
    }

    /// <inheritdoc/>
    public void Write(string level, string stage, string output)
    {
        _progress(stage, output);
        if (Interlocked.Add(ref _characters, output.Length) > MostCharacters)
        {
            return;
        }

        // The database has no NUL in texts.
        var text = (output.Length <= LongestLine ? output : $"{output[..LongestLine]}…").Replace('\0', ' ');
        _lines.Writer.TryWrite(new LogLineJson(_time.GetUtcNow(), Source, level, stage, text));
    }

    /// <summary>Begins to carry lines.</summary>
    internal void Start() => _carrying = CarryAsync();

    /// <summary>Carries what is left, and ends.</summary>
    /// <param name="patience">When to leave the rest where it is.</param>
    internal async Task EndAsync(CancellationToken patience)
    {
        _lines.Writer.TryComplete();
        _closing.TrySetResult();
        await using var impatience = patience.Register(_end.Cancel);
        await _carrying;
    }

    private async Task CarryAsync()
    {
        var heard = _time.GetUtcNow();
        var retry = new Backoff(_timing.FirstRetry, _timing.Beat, _time);
        var batch = new List<LogLineJson>(LinesPerCall);
        try
        {
            while (await GatherAsync(batch) || batch.Count > 0)
            {
                var answer = await _client.UpdateAsync(_daemon, _job, new UpdateJobJson(batch), _end.Token);
                if (answer.Is(out var progress, out var error))
                {
                    heard = _time.GetUtcNow();
                    retry.Reset();
                    batch.Clear();
                    if (progress.Canceled)
                    {
                        StopFor(StopReason.Canceled);
                    }
                }
                else if (!error.IsTransient() && error.Status != 400)
                {
                    StopFor(StopReason.Taken);
                    return;
                }
                else
                {
                    if (error.Status == 400)
                    {
                        batch.Clear();
                    }

                    if (_time.GetUtcNow() - heard >= _timing.Lost)
                    {
                        StopFor(StopReason.Lost);
                        return;
                    }

                    await retry.WaitAsync(_end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Whoever ends the job waits no longer for its log.
        }
    }

    /// <summary>Fills the batch up; waits for the first line no longer than until the next report is due.</summary>
    /// <returns><see langword="false"/> when there will be no more lines.</returns>
    private async Task<bool> GatherAsync(List<LogLineJson> batch)
    {
        var goesOn = true;
        if (batch.Count == 0)
        {
            _more ??= _lines.Reader.WaitToReadAsync(_end.Token).AsTask();
            try
            {
                goesOn = await _more.WaitAsync(_timing.Beat, _time, _end.Token);
                _more = null;
            }
            catch (TimeoutException)
            {
                return true;
            }

            if (goesOn && _lines.Reader.Count < LinesPerCall)
            {
                await Task.WhenAny(Task.Delay(_timing.Gather, _time, _end.Token), _closing.Task);
            }
        }

        while (batch.Count < LinesPerCall && _lines.Reader.TryRead(out var line))
        {
            batch.Add(line);
        }

        return goesOn;
    }

    private void StopFor(StopReason reason)
    {
        if (Reason == StopReason.None)
        {
            Reason = reason;
            _stop.Cancel();
        }
    }
}
