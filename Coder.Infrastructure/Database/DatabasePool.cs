using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>How the server uses its connections.</summary>
internal static class DatabasePool
{
    /// <summary>Adds what does not depend on the database to a connection string.</summary>
    /// <remarks>
    /// Connections are not reset between two uses, which would cost more than most statements do. Whatever outlives a statement or a
    /// transaction (session locks, settings, listening) therefore needs a connection that is not pooled, or must be undone by hand.
    /// </remarks>
    public static string Tune(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        ApplicationName = "coder",
    }.ConnectionString;
}
