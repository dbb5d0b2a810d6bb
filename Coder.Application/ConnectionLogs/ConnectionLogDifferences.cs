using Coder.Domain.ConnectionLogs;

namespace Coder.Application.ConnectionLogs;

/// <summary>What is derived from the rows of the log and does not agree with them.</summary>
/// <param name="Numbers">Stored numbers.</param>
/// <param name="Sessions">Entries of the table of the sessions that go on.</param>
public sealed record ConnectionLogDifferences(
    IReadOnlyList<ConnectionLogDrift> Numbers, IReadOnlyList<ConnectionLogSessionDrift> Sessions)
{
    /// <summary>Whether everything agrees.</summary>
    public bool IsEmpty => Numbers.Count == 0 && Sessions.Count == 0;
}

/// <summary>A stored number that is not that of the rows.</summary>
/// <param name="Day">UTC.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Type">The type.</param>
/// <param name="Missing">What must be added to the stored number; may be negative.</param>
public sealed record ConnectionLogDrift(DateOnly Day, Guid OrganizationId, ConnectionType Type, long Missing)
{
    /// <summary>The same for the number of sessions that go on.</summary>
    public long MissingOngoing { get; init; }
}

/// <summary>An entry that the table of the sessions that go on lacks, or one that it must not have.</summary>
/// <param name="Id">The row of the session, which may be gone.</param>
/// <param name="ConnectTime">When it began; an entry with another time than the row counts twice.</param>
/// <param name="IsMissing">Whether it must be added; otherwise it must be removed.</param>
public sealed record ConnectionLogSessionDrift(Guid Id, DateTimeOffset ConnectTime, bool IsMissing);
