using System.Data.Common;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>Tells which index a statement ran into. The open transaction can only be rolled back then.</summary>
internal static class UniqueViolation
{
    /// <summary>The name of the unique index, or <see langword="null"/> for every other failure.</summary>
    public static string? IndexOf(DbException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation ? violation.ConstraintName : null;
}
