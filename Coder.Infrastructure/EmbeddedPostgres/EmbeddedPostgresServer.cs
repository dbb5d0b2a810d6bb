using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>
/// A PostgreSQL that this server makes, starts and stops, for installations without one of their own.
/// It listens on a Unix socket only (on Windows on 127.0.0.1) and keeps everything below the configuration folder.
/// </summary>
public sealed class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly Postmaster _postmaster;
    private readonly IReadOnlyList<InstanceLock> _locks;
    private bool _stopped;

    private EmbeddedPostgresServer(
        Postmaster postmaster,
        IReadOnlyList<InstanceLock> locks,
        string connectionString,
        int processId,
        string dataDirectory,
        bool adopted)
    {
        _postmaster = postmaster;
        _locks = locks;
        ConnectionString = connectionString;
        ProcessId = processId;
        DataDirectory = dataDirectory;
        Adopted = adopted;
    }

    /// <summary>Npgsql connection string of the superuser; carries the password and must not be logged.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether the postmaster was left running by a server that was killed, and has been taken over.</summary>
    public bool Adopted { get; }

    /// <summary>Process id of the postmaster.</summary>
    public int ProcessId { get; }

    /// <summary>The data folder in use, which is not below the configuration folder when PostgreSQL's account can not get there.</summary>
    public string DataDirectory { get; }

    /// <summary>
    /// Takes the folder's lock, makes the database if there is none, and starts its postmaster or takes over the one that an
    /// earlier server left behind.
    /// </summary>
    /// <param name="options">Where and how.</param>
    /// <param name="logger">Told what happens; never the password.</param>
    /// <param name="time">Clock of the waiting.</param>
    /// <param name="ct">Stops the start; a postmaster that was just started is stopped again.</param>
    /// <exception cref="EmbeddedPostgresException">It can not be used; the message tells an operator why and what helps.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(
        EmbeddedPostgresOptions options, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        List<InstanceLock> locks = [];
        try
        {
            return await StartLockedAsync(options, locks, logger, time, ct);
        }
        catch (Exception e)
        {
            Release(locks);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new EmbeddedPostgresException(
                    $"The embedded PostgreSQL can not use {options.ConfigDirectory}: {e.Message} Does the folder belong to another user?",
                    e);
            }

            throw;
        }
    }

    /// <summary>Stops the postmaster, started here or taken over alike, and gives the folder free. Does nothing the second time.</summary>
    /// <param name="ct">Ends the waiting, not the shutdown that was asked for.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        try
        {
            await _postmaster.StopAsync(ct);
        }
        finally
        {
            Release(_locks);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>Lets go of the folder and leaves the postmaster running, as the kernel does it when the server is killed.</summary>
    internal void Abandon()
    {
        _stopped = true;
        Release(_locks);
    }

    private static async Task<EmbeddedPostgresServer> StartLockedAsync(
        EmbeddedPostgresOptions options, List<InstanceLock> locks, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var configDirectory = Path.GetFullPath(options.ConfigDirectory);
        Directory.CreateDirectory(configDirectory);
        locks.Add(InstanceLock.Acquire(configDirectory));

        var account = ServiceAccount.ForThisProcess();
        var (folder, isFallback) = await PostgresFolder.PrepareAsync(configDirectory, options.FallbackDirectory, account, ct);
        if (isFallback)
        {
            Log.Fallback(logger, account!.Name, configDirectory, folder.Root);
            locks.Add(InstanceLock.Acquire(folder.Root));
        }

        var postmaster = new Postmaster(folder, account, options, logger, time);
        var data = new DataFolder(folder, account);
        var running = await postmaster.WaitForOrphanAsync(ct);
        var adopted = running is not null;
        if (running is null)
        {
            var search = options.Search ?? BinarySearch.OfThisSystem(options.BinDirectory);
            var binaries = await PostgresBinaries.FindAsync(search, folder.DataMajor, account, ct);
            if (!folder.HasData)
            {
                Log.Creating(logger, folder.Root);
                await data.CreateAsync(binaries, options.SyncNewData, ct);
            }

            // Read first: without it the database could be started and not be used.
            data.ReadPassword();
            running = await postmaster.StartAsync(binaries, ct);
        }

        var password = data.ReadPassword();
        try
        {
            await postmaster.CheckAsync(running, password, ct);
        }
        catch when (!adopted)
        {
            await postmaster.StopAsync(CancellationToken.None);
            throw;
        }

        if (adopted)
        {
            Log.Adopted(logger, running.ProcessId, folder.Data);
        }
        else
        {
            Log.Started(logger, running.ProcessId, folder.Data, time.GetElapsedTime(start).TotalMilliseconds);
        }

        return new EmbeddedPostgresServer(
            postmaster, locks, Postmaster.ConnectionString(running, password), running.ProcessId, folder.Data, adopted);
    }

    private static void Release(IReadOnlyList<InstanceLock> locks)
    {
        foreach (var held in locks)
        {
            held.Dispose();
        }
    }
}
