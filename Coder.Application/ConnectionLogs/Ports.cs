using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;

namespace Coder.Application.ConnectionLogs;

/// <summary>Takes the events of connections. An embedding host may call it, and may add sinks of its own.</summary>
/// <remarks>While the license does not give <c>connection_log</c> events are taken and dropped; that may change at any time.</remarks>
public interface IConnectionLogger
{
    /// <summary>Records an event.</summary>
    /// <returns>
    /// Success once it is committed; <see cref="ErrorKind.Unavailable"/> when it could not be stored now and may be sent again;
    /// <see cref="ErrorKind.Conflict"/> when the id is that of a row which is there already. Of several events the others may be stored then.
    /// </returns>
    /// <exception cref="AggregateException">Sinks failed with a bug; all of them were tried.</exception>
    Task<Result<Done>> UpsertAsync(ConnectionEvent connection, CancellationToken ct);

    /// <summary>
    /// Records events in the order of their arrival; what belongs to one call is committed together, unless one of them can not be stored:
    /// then the call fails, though all others of it are stored.
    /// </summary>
    /// <inheritdoc cref="UpsertAsync(ConnectionEvent, CancellationToken)"/>
    Task<Result<Done>> UpsertAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct);
}

/// <summary>One of the places that events go to (docs/spec/connection-logs.md, section 4.2).</summary>
public interface IConnectionSink
{
    /// <summary>Takes normalized events in the order of their arrival.</summary>
    Task<Result<Done>> WriteAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct);
}

/// <summary>Writes what was taken, for as long as the server runs.</summary>
public interface IConnectionIngestion
{
    /// <summary>Writes until <paramref name="stop"/>, and then what is still there; afterwards nothing more is taken.</summary>
    Task RunAsync(CancellationToken stop);
}

/// <summary>Remembers which openings in a browser belong together (docs/spec/connection-logs.md, section 3.4).</summary>
public interface IWebSessionStore
{
    /// <summary>
    /// Begins a session for each opening whose key was not seen for an hour, and moves the others forward.
    /// </summary>
    /// <param name="openings">No key twice.</param>
    /// <param name="now">The time of the server.</param>
    /// <param name="stale">Sessions not seen since then are over.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>
    /// The sessions whose rows are not committed, with the rows that they are to get: those that are new, and those whose rows were lost on
    /// the way, for example with a server that was killed, or are being written by another replica.
    /// </returns>
    Task<IReadOnlyDictionary<WebSessionKey, WebSessionRow>> TouchAsync(
        IReadOnlyList<WebSessionOpening> openings, DateTimeOffset now, DateTimeOffset stale, CancellationToken ct);

    /// <summary>Deletes the sessions that were not seen since then.</summary>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken ct);
}

/// <summary>An opening that a session may begin with.</summary>
/// <param name="Key">The session.</param>
/// <param name="Row">The row in the log that the session gets if it begins now.</param>
/// <param name="IsLogged">Whether the caller knows that the session goes on and has its row.</param>
public sealed record WebSessionOpening(WebSessionKey Key, WebSessionRow Row, bool IsLogged);

/// <summary>
/// What is decided about the row of a session when the session begins, so that whoever writes the row writes the same one.
/// </summary>
/// <param name="Id">The id of the session and of its row.</param>
/// <param name="Time">When the session began, as its event says.</param>
public readonly record struct WebSessionRow(Guid Id, DateTimeOffset Time);

/// <summary>Reads the connection log.</summary>
public interface IConnectionLogStore
{
    /// <summary>The place of a row, or <see langword="null"/> when there is none in the scope.</summary>
    Task<ConnectionLogCursor?> PlaceOfAsync(Guid id, ReadScope scope, CancellationToken ct);

    /// <summary>A part of the log and its count.</summary>
    Task<ConnectionLogSlice> ListAsync(ConnectionLogQuery query, ConnectionLogWindow window, ConnectionLogCounting counting, CancellationToken ct);

    /// <summary>A part of the log without a count.</summary>
    Task<IReadOnlyList<ConnectionLogView>> ReadAsync(ConnectionLogQuery query, ConnectionLogWindow window, CancellationToken ct);
}

/// <summary>Removes what the connection log need not keep, and keeps right what is derived from it.</summary>
public interface IConnectionLogUpkeep
{
    /// <summary>Deletes the oldest rows; a session that goes on stays until <paramref name="ongoingBefore"/>.</summary>
    /// <returns>How many were deleted, at most <paramref name="limit"/>.</returns>
    Task<int> DeleteAsync(DateTimeOffset before, DateTimeOffset ongoingBefore, int limit, CancellationToken ct);

    /// <summary>Does work on one replica at a time.</summary>
    /// <returns><see langword="false"/> when another one is at it; then nothing was done.</returns>
    Task<bool> TryAloneAsync(Func<CancellationToken, Task> work, CancellationToken ct);

    /// <summary>Does work on one replica at a time, and only when none has begun it within <paramref name="interval"/>.</summary>
    /// <returns>Whether it was done.</returns>
    Task<bool> TryCheckAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken ct);

    /// <summary>How the stored numbers differ from the rows; empty when they are right. It reads all of the log.</summary>
    Task<IReadOnlyList<ConnectionLogDrift>> FindDriftAsync(CancellationToken ct);

    /// <summary>Puts the stored numbers right, while events arrive, and merges those of past days. It reads all of the log.</summary>
    /// <returns>What was wrong.</returns>
    Task<IReadOnlyList<ConnectionLogDrift>> RepairAsync(CancellationToken ct);

    /// <summary>How the table of the sessions that go on differs from the rows; empty when it is right. It reads all of the log.</summary>
    Task<IReadOnlyList<ConnectionLogSessionDrift>> FindSessionDriftAsync(CancellationToken ct);

    /// <summary>Puts that table right, while events arrive. It reads all of the log.</summary>
    /// <returns>What was wrong.</returns>
    Task<IReadOnlyList<ConnectionLogSessionDrift>> RepairSessionsAsync(CancellationToken ct);
}

/// <summary>The months of the connection log as partitions, for which an operator has to ask (docs/spec/connection-logs.md, section 12.6).</summary>
public interface IConnectionLogPartitions
{
    /// <summary>
    /// Divides the log, in one transaction. It takes the time of reading the log once and of making an index, and until then nobody else
    /// comes to the log: readers and writers wait, or are told to come again.
    /// </summary>
    /// <returns>
    /// <see langword="false"/> when the log is divided already; <see cref="ErrorKind.Unavailable"/>, and nothing has changed, when others
    /// did not leave the log in time.
    /// </returns>
    Task<Result<bool>> DivideAsync(CancellationToken ct);

    /// <summary>Makes the partitions of this month and the next one, and forgets the keys of sessions that ended a week ago.</summary>
    /// <returns><see langword="false"/> when the log is not divided; then nothing was done.</returns>
    Task<bool> PrepareAsync(CancellationToken ct);

    /// <summary>
    /// Drops the oldest partition that is wholly before a time, however many rows it has. Sessions that go on stay until
    /// <paramref name="ongoingBefore"/>.
    /// </summary>
    /// <returns>How many rows were removed; <see langword="null"/> when there is no such partition, or others did not leave the log in time.</returns>
    Task<long?> DropAsync(DateTimeOffset before, DateTimeOffset ongoingBefore, CancellationToken ct);
}
