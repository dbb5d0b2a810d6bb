using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Coder.Application.Common;
using Coder.Domain.Common;
using Dapper;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>
/// The one way to the database. A scope has one session: a connection is taken from the pool for each statement and given back at once,
/// unless a transaction is open. Statements are constants (or <see cref="SqlText"/>, made of constants); values are parameters.
/// </summary>
public sealed class DbSession(NpgsqlDataSource source, TimeProvider time) : IUnitOfWork, IAfterCommit, INotifier
{
    private const int MaxAttempts = 3;
    private const string Notify = "select pg_notify(@channel, @payload)";
    private const string TryLock = "select pg_try_advisory_lock(@key)";
    private const string Unlock = "select pg_advisory_unlock(@key)";

    private readonly List<Func<CancellationToken, Task<Result<Done>>>> _afterCommit = [];
    private readonly List<Func<CancellationToken, Task>> _afterRollback = [];
    private NpgsqlTransaction? _transaction;
    private bool _flushes;

    static DbSession()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;

        // Dapper's own mapping would win over the handler when values are written.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(typeof(DateTimeOffset), new DateTimeOffsetHandler());
    }

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        await OnConnectionAsync((c, cmd) => c.QueryAsync<T>(cmd), sql, parameters, ct) as IReadOnlyList<T> ?? [];

    /// <inheritdoc cref="QueryAsync{T}(string, object?, CancellationToken)"/>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(SqlText sql, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return await OnConnectionAsync((c, cmd) => c.QueryAsync<T>(cmd), sql.Text, sql.Parameters, ct) as IReadOnlyList<T> ?? [];
    }

    /// <summary>The only row, or the default value when there is none.</summary>
    /// <exception cref="InvalidOperationException">There is more than one row.</exception>
    public Task<T?> QueryOneAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        OnConnectionAsync((c, cmd) => c.QuerySingleOrDefaultAsync<T>(cmd), sql, parameters, ct);

    /// <summary>The first column of the first row, or the default value when there is none.</summary>
    public Task<T?> ScalarAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        OnConnectionAsync((c, cmd) => c.ExecuteScalarAsync<T>(cmd), sql, parameters, ct);

    /// <inheritdoc cref="ScalarAsync{T}(string, object?, CancellationToken)"/>
    public Task<T?> ScalarAsync<T>(SqlText sql, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return OnConnectionAsync((c, cmd) => c.ExecuteScalarAsync<T>(cmd), sql.Text, sql.Parameters, ct);
    }

    /// <summary>A list and numbers that belong to it, on one connection and in one round trip.</summary>
    /// <param name="list">Makes the rows.</param>
    /// <param name="numbers">Each makes one row with one number.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="InvalidOperationException">Two of the statements give one parameter different values.</exception>
    public async Task<(IReadOnlyList<T> Rows, IReadOnlyList<long> Numbers)> QueryWithNumbersAsync<T>(
        SqlText list, IReadOnlyList<SqlText> numbers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(numbers);
        var all = SqlText.Together([list, .. numbers]);
        return await OnConnectionAsync(ReadAsync, all.Text, all.Parameters, ct);

        async Task<(IReadOnlyList<T> Rows, IReadOnlyList<long> Numbers)> ReadAsync(NpgsqlConnection connection, CommandDefinition command)
        {
            await using var results = await connection.QueryMultipleAsync(command);
            var rows = await results.ReadAsync<T>() as IReadOnlyList<T> ?? [];
            var read = new long[numbers.Count];
            for (var i = 0; i < read.Length; i++)
            {
                read[i] = await results.ReadSingleAsync<long>();
            }

            return (rows, read);
        }
    }

    /// <summary>Does work while no other session of this database holds the same lock, on a connection of its own beside those of the work.</summary>
    /// <returns><see langword="false"/> when another one holds the lock; then nothing was done.</returns>
    public async Task<bool> TryAloneAsync(long key, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        await using var connection = await source.OpenConnectionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, new { key }, cancellationToken: ct)))
        {
            return false;
        }

        try
        {
            await work(ct);
        }
        finally
        {
            // Connections are pooled and keep their locks; one that broke has lost its own already.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await connection.ExecuteAsync(new CommandDefinition(Unlock, new { key }, cancellationToken: CancellationToken.None));
            }
        }

        return true;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public Task<int> ExecuteAsync([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        OnConnectionAsync((c, cmd) => c.ExecuteAsync(cmd), sql, parameters, ct);

    /// <summary>All rows of a statement that takes the time it takes: the limit of the connection does not count.</summary>
    internal async Task<IReadOnlyList<T>> QueryForLongAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        await OnConnectionAsync((c, cmd) => c.QueryAsync<T>(WithoutLimit(cmd)), sql, parameters, ct) as IReadOnlyList<T> ?? [];

    /// <summary>Runs a statement that takes the time it takes: the limit of the connection does not count.</summary>
    internal Task<int> ExecuteForLongAsync([ConstantExpected] string sql, object? parameters, CancellationToken ct) =>
        OnConnectionAsync((c, cmd) => c.ExecuteAsync(WithoutLimit(cmd)), sql, parameters, ct);

    private static CommandDefinition WithoutLimit(CommandDefinition command) => new(
        command.CommandText, command.Parameters, command.Transaction, commandTimeout: 0, cancellationToken: command.CancellationToken);

    /// <inheritdoc/>
    public Task NotifyAsync(string channel, string payload, CancellationToken ct) => ExecuteAsync(Notify, new { channel, payload }, ct);

    /// <summary>Whether statements belong to a transaction now.</summary>
    internal bool IsInTransaction => _transaction is not null;

    // Something has to be written, or the commit would not wait; waiting for it waits for everything before.
    private const string Flush = "select pg_logical_emit_message(true, 'flush', '')::text";

    /// <summary>
    /// Promises that the open transaction is on the disk before <see cref="RunAsync"/> returns, though a statement of it has switched
    /// <c>synchronous_commit</c> off.
    /// </summary>
    /// <remarks>
    /// PostgreSQL commits transactions that notify somebody one after the other, the wait for the disk included. Where many of them commit
    /// at the same time, they wait together when each commits first and waits afterwards.
    /// </remarks>
    internal void FlushAfterCommit() => _flushes = _transaction is not null;

    /// <summary>
    /// Has something done if the open transaction comes to nothing, for those who found a row locked meanwhile. A failure of it is nobody's.
    /// </summary>
    internal void AfterRollback(Func<CancellationToken, Task> step)
    {
        if (_transaction is not null)
        {
            _afterRollback.Add(step);
        }
    }

    /// <inheritdoc/>
    public void Do(Func<CancellationToken, Task<Result<Done>>> step)
    {
        if (_transaction is null)
        {
            throw new InvalidOperationException("Only a transactional command can do something after its commit.");
        }

        _afterCommit.Add(step);
    }

    /// <inheritdoc/>
    public async Task<TOutcome> RunAsync<TOutcome>(IsolationLevel isolation, Func<CancellationToken, Task<TOutcome>> work, CancellationToken ct)
        where TOutcome : IOutcome<TOutcome>
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_transaction is not null)
        {
            return await work(ct);
        }

        for (var attempt = 1; ; attempt++)
        {
            TOutcome outcome;
            try
            {
                outcome = await AttemptAsync(isolation, work, ct);
            }
            catch (DbException e) when (attempt < MaxAttempts && IsTransient(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 25 * attempt)), time, ct);
                continue;
            }
            catch
            {
                await AfterRollbackAsync(CancellationToken.None);
                throw;
            }

            // Outside of the attempt: what is committed is never done again.
            if (outcome.Error is not null)
            {
                await AfterRollbackAsync(CancellationToken.None);
                return outcome;
            }

            if (_flushes)
            {
                await ScalarAsync<string>(Flush, null, CancellationToken.None);
            }

            return await AfterCommitAsync(outcome, CancellationToken.None);
        }
    }

    private async Task<TOutcome> AttemptAsync<TOutcome>(
        IsolationLevel isolation, Func<CancellationToken, Task<TOutcome>> work, CancellationToken ct)
        where TOutcome : IOutcome<TOutcome>
    {
        _afterCommit.Clear();
        _afterRollback.Clear();
        _flushes = false;
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(isolation, ct);
        _transaction = transaction;
        try
        {
            var outcome = await work(ct);
            if (outcome.Error is null)
            {
                // Once the commit is on its way, a caller that hangs up must not leave the outcome unknown.
                await transaction.CommitAsync(CancellationToken.None);
            }
            else
            {
                await transaction.RollbackAsync(CancellationToken.None);
            }

            return outcome;
        }
        finally
        {
            _transaction = null;
        }
    }

    private async Task AfterRollbackAsync(CancellationToken ct)
    {
        Func<CancellationToken, Task>[] steps = [.. _afterRollback];
        _afterRollback.Clear();
        try
        {
            foreach (var step in steps)
            {
                await step(ct);
            }
        }
        catch (DbException)
        {
            // Whoever waits looks again by itself, only later.
        }
    }

    private async Task<TOutcome> AfterCommitAsync<TOutcome>(TOutcome outcome, CancellationToken ct)
        where TOutcome : IOutcome<TOutcome>
    {
        // A step may run a transaction, with steps of its own.
        Func<CancellationToken, Task<Result<Done>>>[] steps = [.. _afterCommit];
        foreach (var step in steps)
        {
            if ((await step(ct)).Error is { } error)
            {
                return TOutcome.From(error);
            }
        }

        return outcome;
    }

    private async Task<T> OnConnectionAsync<T>(
        Func<NpgsqlConnection, CommandDefinition, Task<T>> run, string sql, object? parameters, CancellationToken ct)
    {
        if (_transaction is { Connection: { } open } transaction)
        {
            return await run(open, new CommandDefinition(sql, parameters, transaction, cancellationToken: ct));
        }

        await using var connection = await source.OpenConnectionAsync(ct);
        return await run(connection, new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    /// <summary>Whether the same transaction may succeed when it is done again.</summary>
    internal static bool IsTransient(DbException e) =>
        e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    /// <summary>
    /// Npgsql reads <c>timestamptz</c> as a UTC <see cref="DateTime"/> and writes UTC only; our rows hold <see cref="DateTimeOffset"/>.
    /// </summary>
    private sealed class DateTimeOffsetHandler : SqlMapper.ITypeHandler
    {
        public object Parse(Type destinationType, object value) =>
            value is DateTimeOffset offset ? offset : new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public void SetValue(IDbDataParameter parameter, object value)
        {
            parameter.DbType = DbType.DateTimeOffset;
            parameter.Value = value is DateTimeOffset time ? time.ToUniversalTime() : value;
        }
    }
}
