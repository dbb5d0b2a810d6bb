using System.Threading.Channels;
using Coder.Cli.Common;

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
/// also the sign that the daemon still works on the job, so that they go on until <see cref="EndAsync"/>, lines or none.
/// </summary>
internal sealed class JobLog : IJobLog, IDisposable
{
    private const string Source = "provisioner";
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
    private readonly PendingLines _pending = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private Task _carrying = Task.CompletedTask;
    private Task<bool>? _more;
    private long _characters;
    private long _heard;

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
        _heard = time.GetTimestamp();
    }

    /// <summary>Fires when the job is to stop.</summary>
    internal CancellationToken Stop => _stop.Token;

    /// <summary>Why <see cref="Stop"/> fired.</summary>
    internal StopReason Reason { get; private set; }

    /// <summary>Whether a report has arrived lately. As long as that is so the server does not give the job up.</summary>
    internal bool IsHeard => _time.GetElapsedTime(Volatile.Read(ref _heard)) < _timing.Lost;

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

    /// <summary>Waits until all lines are there, or can not be brought there: the job has ended, and its result is to follow.</summary>
    /// <param name="patience">When to wait no longer.</param>
    internal async Task FlushAsync(CancellationToken patience)
    {
        _lines.Writer.TryComplete();
        _closing.TrySetResult();
        try
        {
            await _flushed.Task.WaitAsync(patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Whoever ends the job waits no longer for its log.
        }
    }

    /// <summary>Ends the reports.</summary>
    internal async Task EndAsync()
    {
        await _end.CancelAsync();
        await _carrying;
    }

    private async Task CarryAsync()
    {
        var retry = new Backoff(_timing.FirstRetry, _timing.Beat, _time);
        try
        {
            while (true)
            {
                await GatherAsync();
                var batch = _pending.Next();
                var answer = await _client.UpdateAsync(_daemon, _job, new UpdateJobJson(batch), _end.Token);
                if (answer.Is(out var progress, out var error))
                {
                    Volatile.Write(ref _heard, _time.GetTimestamp());
                    retry.Reset();
                    _pending.Sent(batch.Count);
                    if (progress.Canceled)
                    {
                        StopFor(StopReason.Canceled);
                    }
                }
                else if (error.Status is 403 or 404 or 409)
                {
                    StopFor(StopReason.Taken);
                    return;
                }
                else if (!GivesWay(batch.Count, error))
                {
                    JudgeSilence(error);
                    await retry.WaitAsync(_end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The job is handed in.
        }
        finally
        {
            _flushed.TrySetResult();
        }
    }

    /// <summary>Makes the next report another one than that which the server refused.</summary>
    /// <returns><see langword="false"/>: it is not to blame.</returns>
    private bool GivesWay(int lines, CliError error)
    {
        switch (error.Status)
        {
            case 400 when lines > 0:
                _pending.Refused(lines, error.Message);
                break;
            case 413 when lines > 0:
                _pending.TooLarge(lines);
                break;
            default:
                return false;
        }

        // Such a report is no sign of life.
        JudgeSilence(error: null);
        return true;
    }

    private void JudgeSilence(CliError? error)
    {
        var isLost = !IsHeard;
        if (isLost)
        {
            StopFor(StopReason.Lost);
        }

        // The result need not wait for lines that have no way to the server.
        if (_closing.Task.IsCompleted && (isLost || error?.IsTransient() == false))
        {
            _flushed.TrySetResult();
        }
    }

    /// <summary>Takes lines up; waits for the first one no longer than until the next report is due.</summary>
    private async Task GatherAsync()
    {
        if (_pending.IsEmpty)
        {
            _more ??= _lines.Reader.WaitToReadAsync(_end.Token).AsTask();
            bool goesOn;
            try
            {
                goesOn = await _more.WaitAsync(_timing.Beat, _time, _end.Token);
            }
            catch (TimeoutException)
            {
                return;
            }

            if (!goesOn)
            {
                _flushed.TrySetResult();
                await Task.Delay(_timing.Beat, _time, _end.Token);
                return;
            }

            _more = null;
            if (_lines.Reader.Count < PendingLines.MostLines)
            {
                await Task.WhenAny(Task.Delay(_timing.Gather, _time, _end.Token), _closing.Task);
            }
        }

        while (!_pending.IsFull && _lines.Reader.TryRead(out var line))
        {
            _pending.Add(line);
        }
    }

    private void StopFor(StopReason reason)
    {
        // A job that was stopped for another reason may be taken all the same, and then nobody waits for its result.
        if (Reason == StopReason.None || reason == StopReason.Taken)
        {
            Reason = reason;
        }

        _stop.Cancel();
    }
}
