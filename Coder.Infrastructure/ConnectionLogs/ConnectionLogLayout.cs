using System.Data.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// Whether the log of this database has a partition for each month (docs/spec/connection-logs.md, section 12.6), as the catalog said when it
/// was asked last. An operator may change it while this server runs: whoever writes then sees it by the failure of the statement, and for
/// whoever reads it decides only how fast that is.
/// </summary>
internal sealed class ConnectionLogLayout
{
    private const int Unknown = 0;
    private const int Whole = 1;
    private const int Partitioned = 2;

    // Of "on conflict" where the unique index is gone, and of connection_logs_write where there are no partitions.
    private const string NoSuchKey = "42P10";
    private const string CheckViolation = "23514";

    // A partition takes a dozen locks until its transaction ends, of the few thousand that all of the server has by default.
    private const int MostPartitions = 12;

    private volatile int _known = Unknown;

    private const string IsPartitioned = "select connection_logs_is_partitioned()";

    /// <summary>What is known, or is found out now.</summary>
    public async Task<bool> IsPartitionedAsync(DbSession db, CancellationToken ct) =>
        _known == Unknown ? await LookAsync(db, ct) : _known == Partitioned;

    /// <summary>Asks the catalog again.</summary>
    public async Task<bool> LookAsync(DbSession db, CancellationToken ct)
    {
        var isPartitioned = await db.ScalarAsync<bool>(IsPartitioned, null, ct);
        _known = isPartitioned ? Partitioned : Whole;
        return isPartitioned;
    }

    private const string MakeRooms = "select connection_logs_make_rooms(@times::timestamptz[], @present, @most)";

    /// <summary>Makes the partitions for these times that there are not yet, in as many transactions as it takes.</summary>
    /// <param name="db">Not in a transaction.</param>
    /// <param name="times">Times that rows have, or are going to have.</param>
    /// <param name="present">What lies far ahead of it, or before all months, gets no month of its own.</param>
    /// <param name="ct">Stops after some of them.</param>
    public static async Task MakeRoomAsync(DbSession db, DateTimeOffset[] times, DateTimeOffset present, CancellationToken ct)
    {
        int made;
        do
        {
            made = await db.ScalarAsync<int>(MakeRooms, new { times, present, most = MostPartitions }, ct);
        }
        while (made == MostPartitions);
    }

    /// <summary>Whether a statement failed because it was that of the other layout.</summary>
    public static bool IsOther(DbException failure) => failure.SqlState == NoSuchKey;

    /// <summary>Whether a statement failed because there is no partition for the time of a row; the log has no other checks.</summary>
    public static bool IsMonthMissing(DbException failure) => failure.SqlState == CheckViolation;
}
