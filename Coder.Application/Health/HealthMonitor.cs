using Coder.Application.Common;
using Coder.Application.Deployment;
using Coder.Domain.Health;

namespace Coder.Application.Health;

/// <summary>Keeps the last report of this node for ten minutes. One examination runs at a time; whoever comes meanwhile waits for it.</summary>
public sealed class HealthMonitor(IAccessUrlProbe accessUrl, TimeProvider time) : IDisposable
{
    private const int RoundTrips = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private HealthReport? _last;

    /// <summary>A report that is not older than ten minutes.</summary>
    /// <param name="database">The database of the scope of the request.</param>
    /// <param name="force">Looks again, unless somebody else did so while this caller waited.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HealthReport> ReportAsync(IDatabaseHealth database, bool force, CancellationToken ct)
    {
        var before = Volatile.Read(ref _last);
        if (!force && IsFresh(before))
        {
            return before!;
        }

        await _one.WaitAsync(ct);
        try
        {
            var last = Volatile.Read(ref _last);
            if (!ReferenceEquals(last, before) && IsFresh(last))
            {
                return last!;
            }

            var report = new HealthReport(
                time.GetUtcNow().ToMicroseconds(), await ExamineAsync(database, ct), await accessUrl.ProbeAsync(ct));
            Volatile.Write(ref _last, report);
            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private bool IsFresh(HealthReport? report) => report is not null && time.GetUtcNow() - report.Time < Lifetime;

    private async Task<DatabaseHealthReport> ExamineAsync(IDatabaseHealth database, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        var times = new List<TimeSpan>(RoundTrips);
        try
        {
            for (var i = 0; i < RoundTrips; i++)
            {
                var start = time.GetTimestamp();
                await database.PingAsync(either.Token);
                times.Add(time.GetElapsedTime(start));
            }

            return new DatabaseHealthReport(DatabaseHealthReport.Middle(times), null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The text of the exception may name hosts and users.
            return new DatabaseHealthReport(null, $"The database does not answer ({e.GetType().Name}).");
        }
    }
}
