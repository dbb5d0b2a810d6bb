using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>Logs the openings of applications and ports, each session once (docs/spec/connection-logs.md, section 4.4).</summary>
/// <remarks>
/// A session is known from the commit of its row on, and not before. What this process has under way is waited for; what another one had
/// is found by the row, whose id is decided when the session begins, and is written anew where there is none.
/// </remarks>
public sealed class WebConnectionRecorder(
    IConnectionLogger connections,
    IWebSessionStore sessions,
    WebSessionCache cache,
    IEntitlementSource entitlements,
    IFailureClassifier failures,
    IIds ids,
    TimeProvider time,
    ILogger<WebConnectionRecorder> logger)
{
    // A row that another replica writes at the same time is there at the second look.
    private const int MostAttempts = 3;

    private static readonly Result<int> Nothing = 0;

    /// <summary>Records openings, after their outcome is known.</summary>
    /// <returns>
    /// Success once all of them are committed, with the number of those that were logged: not those of sessions that are known already, and
    /// none while the license does not say so. <see cref="ErrorKind.Unavailable"/> when they may be sent again.
    /// </returns>
    /// <param name="openings">In any order.</param>
    /// <param name="ct">
    /// Ends the waiting for others who record the same sessions. What has begun is finished, though the caller may have gone.
    /// </param>
    public async Task<Result<int>> RecordAsync(IReadOnlyList<WebOpening> openings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(openings);

        // Without a license no session may begin either, or its event would be missing once there is one.
        if (!entitlements.Current.IsEnabled(FeatureName.ConnectionLog))
        {
            return Nothing;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        using var claim = cache.Claim(openings, now);
        var recorded = Nothing;
        if (claim.Mine.Count > 0)
        {
            recorded = await LogAsync(claim.Mine, now, CancellationToken.None);
            claim.End(recorded.Error);
        }

        var error = recorded.Error ?? await claim.OthersAsync(ct);
        return error is null ? recorded : error;
    }

    private async Task<Result<int>> LogAsync(IReadOnlyCollection<ClaimedOpening> openings, DateTimeOffset now, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            IReadOnlyList<ConnectionEvent> missing;
            try
            {
                missing = await MissingAsync(openings, now, ct);
            }
            catch (Exception e) when (failures.Classify(e) is { } expected)
            {
                // Rather nothing than one event for every request; whoever reports has to keep it.
                ConnectionLogsLog.SessionsUnknown(logger, e.Message);
                return expected;
            }

            var error = (await connections.UpsertAsync(missing, ct)).Error;
            if (error is not { Kind: ErrorKind.Conflict })
            {
                return error is null ? missing.Count : error;
            }
        }

        return WebSessionClaim.Again;
    }

    private async Task<IReadOnlyList<ConnectionEvent>> MissingAsync(
        IReadOnlyCollection<ClaimedOpening> openings, DateTimeOffset now, CancellationToken ct)
    {
        var events = openings.ToDictionary(o => o.Key, o => o.Opening.ToEvent(ids.Sequential(), now));
        var rows = await sessions.TouchAsync(
            [.. openings.Select(o => new WebSessionOpening(o.Key, new WebSessionRow(events[o.Key].Id, events[o.Key].Time), o.IsLogged))],
            now,
            now - WebSessionCache.Timeout,
            ct);
        return [.. events.Where(e => rows.ContainsKey(e.Key)).Select(e => e.Value with { Id = rows[e.Key].Id, Time = rows[e.Key].Time })];
    }
}
