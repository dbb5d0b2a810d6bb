using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>Writes that a unique index may refuse.</summary>
internal static class UniqueNames
{
    /// <summary>Runs a statement whose refusal by the named unique index is an expected outcome and not a bug.</summary>
    /// <returns><see langword="false"/> when the index refused it; the open transaction can then only be rolled back.</returns>
    public static async Task<bool> ExecuteUniqueAsync(
        this DbSession db, [ConstantExpected] string sql, object? parameters, [ConstantExpected] string index, CancellationToken ct)
    {
        try
        {
            await db.ExecuteAsync(sql, parameters, ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName == index)
        {
            return false;
        }
    }
}
