using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>How the server uses its connections.</summary>
internal static class DatabasePool
{
    private const string Size = "Maximum Pool Size";
    private const int PerProcessor = 8;
    private const int Fewest = 16;
    private const int Most = 100;

    /// <summary>Adds what does not depend on the database to a connection string; a pool size that the operator chose stays.</summary>
    /// <remarks>
    /// Requests rather wait for one of few connections than for PostgreSQL to switch between many: on two processors, 64 at once
    /// answer a third of the statements that 16 answer.
    /// Connections are not reset between two uses, which would cost more than most statements do. Whatever outlives a statement or a
    /// transaction (session locks, settings, listening) therefore needs a connection that is not pooled, or must be undone by hand.
    /// </remarks>
    public static string Tune(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder = new(connectionString)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            ApplicationName = "coder",
        };
        if (!builder.ShouldSerialize(Size))
        {
            builder.MaxPoolSize = Math.Clamp(Environment.ProcessorCount * PerProcessor, Fewest, Most);
        }

        return builder.ConnectionString;
    }
}
