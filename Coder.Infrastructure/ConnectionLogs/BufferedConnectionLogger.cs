using System.Threading.Channels;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// The database as a sink. Events that arrive while others are being committed are committed together (docs/spec/connection-logs.md,
/// section 12.4), so that the more there are, the less each costs; a single one waits for nobody. Who is answered success has been committed.
/// </summary>
internal sealed class BufferedConnectionLogger(IServiceScopeFactory scopes, IFailureClassifier failures) : IConnectionSink, IConnectionIngestion
{
    /// <summary>How many events may wait.</summary>
    public const int Capacity = 10_000;

    private const int Batch = 500;

    // While the database commits those of one lane, it works on those of the next; with more lanes, batches are smaller and so cost more.
    private const int Lanes = 2;

    private const int Turns = 16;

    private static readonly Error Full = new(ErrorKind.Unavailable, "The service is temporarily unavailable.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly Channel<Waiting>[] _lanes =
        [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions()))];

    private int _events;

    public async Task<Result<Done>> WriteAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct)
    {
        var waiting = new Waiting(connections);

        // What is too much even for an empty queue would be so for ever.
        var total = Interlocked.Add(ref _events, connections.Count);
        if ((total > Capacity && total > connections.Count) || !LaneOf(connections).Writer.TryWrite(waiting))
        {
            Interlocked.Add(ref _events, -connections.Count);
            return Full;
        }

        return await waiting.Outcome.WaitAsync(ct);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(() => Array.ForEach(_lanes, lane => lane.Writer.TryComplete()));

        // What was taken is written, whoever has gone in the meantime.
        await Task.WhenAll(_lanes.Select(lane => DrainAsync(lane.Reader, CancellationToken.None)));
    }

    // What agents of one workspace report keeps its order.
    private Channel<Waiting> LaneOf(IReadOnlyList<ConnectionEvent> connections) =>
        _lanes[connections.Count == 0 ? 0 : (uint)connections[0].WorkspaceId.GetHashCode() % Lanes];

    private async Task DrainAsync(ChannelReader<Waiting> lane, CancellationToken ct)
    {
        var answered = 0;
        while (await lane.WaitToReadAsync(ct))
        {
            await LetThemComeAsync(lane, answered, ct);

            var gathered = Gather(lane);
            await FlushAsync(gathered, ct);
            answered = gathered.Count;
        }
    }

    // Those who were answered just now are about to report again, and one commit for all is cheaper than two in turn. A single one waits
    // for nobody, and nobody waits for longer than others have work to do.
    private static async Task LetThemComeAsync(ChannelReader<Waiting> lane, int answered, CancellationToken ct)
    {
        for (var turns = 0; turns < Turns && answered > 1 && lane.Count < answered && !ct.IsCancellationRequested; turns++)
        {
            await Task.Yield();
        }
    }

    private static List<Waiting> Gather(ChannelReader<Waiting> lane)
    {
        var gathered = new List<Waiting>();
        for (var events = 0; events < Batch && lane.TryRead(out var next); events += next.Events.Count)
        {
            gathered.Add(next);
        }

        return gathered;
    }

    private async Task FlushAsync(List<Waiting> gathered, CancellationToken ct)
    {
        ConnectionEvent[] events = [.. gathered.SelectMany(w => w.Events)];
        var failure = await TryStoreAsync(events, ct);
        if (failure is null || IsAway(failure) || gathered.Count == 1)
        {
            foreach (var waiting in gathered)
            {
                await AnswerAsync(waiting, failure, ct);
            }
        }
        else
        {
            // One that can not be stored must not take the others with it.
            foreach (var waiting in gathered)
            {
                await AnswerAsync(waiting, await TryStoreAsync(waiting.Events, ct), ct);
            }
        }

        Interlocked.Add(ref _events, -events.Length);
    }

    private async Task AnswerAsync(Waiting waiting, Exception? failure, CancellationToken ct)
    {
        if (failure is not null && !IsAway(failure) && waiting.Events.Count > 1)
        {
            foreach (var single in waiting.Events)
            {
                await TryStoreAsync([single], ct);
            }
        }

        waiting.Answer(failure, failure is null ? null : failures.Classify(failure));
    }

    private async Task<Exception?> TryStoreAsync(IReadOnlyList<ConnectionEvent> events, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ConnectionLogWriter>().WriteAsync(events, ct);
            return null;
        }
#pragma warning disable CA1031 // whoever waits is given it
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    private bool IsAway(Exception failure) => failures.Classify(failure) is { Kind: ErrorKind.Unavailable };

    private sealed class Waiting(IReadOnlyList<ConnectionEvent> events)
    {
        private readonly TaskCompletionSource<Result<Done>> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<ConnectionEvent> Events { get; } = events;

        public Task<Result<Done>> Outcome => _outcome.Task;

        public void Answer(Exception? failure, Error? expected)
        {
            if (failure is null)
            {
                _outcome.SetResult(Done.Value);
            }
            else if (expected is not null)
            {
                _outcome.SetResult(expected);
            }
            else
            {
                _outcome.SetException(failure);
            }
        }
    }
}
