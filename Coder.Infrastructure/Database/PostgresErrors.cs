using System.Net.Sockets;
using Coder.Application.Common;
using Coder.Domain.Common;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>Which failures of PostgreSQL are expected ones (docs/spec/platform.md, section 4 rule 11).</summary>
internal sealed class PostgresErrors : IFailureClassifier
{
    private static readonly Error InvalidText = new(
        ErrorKind.Invalid, "Request contains text that can not be stored.", "Texts must be valid UTF-8 without NUL characters.");

    private static readonly Error IsLogged = new(ErrorKind.Conflict, "The connection log has an entry with this id already.");

    private static readonly Error Away = new(ErrorKind.Unavailable, "The service is temporarily unavailable.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    /// <inheritdoc/>
    public Error? Classify(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => InvalidText,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => Away,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } e when IsRowOfConnectionLog(e) => IsLogged,
        PostgresException e => IsAway(e.SqlState) ? Away : null,
        NpgsqlException => Away,
        SocketException => Away,
        TimeoutException => Away,
        _ => exception.InnerException is { } inner ? Classify(inner) : null,
    };

    // Of the whole or of one of its months.
    private static bool IsRowOfConnectionLog(PostgresException e) =>
        e.ConstraintName is { } name
        && name.StartsWith("connection_logs_", StringComparison.Ordinal)
        && name.EndsWith("_pkey", StringComparison.Ordinal);

    // Class 08 connection exceptions, 53 out of resources, 57P shutdown and startup, 40 exhausted retries; 28 and 3D000 when the login
    // or the database itself was taken away while the server runs.
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("40", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal)
        || state == PostgresErrorCodes.InvalidCatalogName;
}
