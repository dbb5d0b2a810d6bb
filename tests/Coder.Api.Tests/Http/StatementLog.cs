using System.Collections.Concurrent;
using System.Diagnostics;
using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>
/// Hears which SQL statements one request causes: those whose spans belong to the trace that the request began. Other requests,
/// background services and tests that run at the same time have traces of their own.
/// </summary>
internal sealed class StatementLog : IDisposable
{
    private const string Driver = "Npgsql";
    private const string Server = "Microsoft.AspNetCore";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public StatementLog()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Driver or Server,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Sends one request and tells its statements, in order.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(Func<Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        using var trace = new Activity(nameof(StatementLog));
        trace.SetIdFormat(ActivityIdFormat.W3C).Start();
        using var response = await send();
        response.EnsureSuccessStatusCode();

        // The span of the request is the last one to stop, and it does so after the client has its answer.
        using var patience = new CancellationTokenSource(Patience, TestClock.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        while (!_spans.Any(span => span.TraceId == trace.TraceId && span.Source.Name == Server))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestClock.System, either.Token);
        }

        return [.. _spans.Where(span => span.TraceId == trace.TraceId && span.Source.Name == Driver).Select(TextOf).OfType<string>()];
    }

    public void Dispose() => _listener.Dispose();

    // Opening a physical connection is a span too, without a statement.
    private static string? TextOf(Activity span) => (span.GetTagItem("db.query.text") ?? span.GetTagItem("db.statement")) as string;
}
