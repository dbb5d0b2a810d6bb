using Microsoft.Extensions.Logging;
using Npgsql;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>Starts, finds and stops the postmaster of one data folder.</summary>
internal sealed class Postmaster(
    PostgresFolder folder, ServiceAccount? account, EmbeddedPostgresOptions options, ILogger logger, TimeProvider time)
{
    private const string TemporaryPrefix = "coder-pg-";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ImmediateStopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The running postmaster, or <see langword="null"/>.</summary>
    public PostmasterFile? FindRunning() =>
        PostmasterFile.Read(folder.Data) is { } file && PostmasterProcess.IsAlive(file) ? file : null;

    /// <summary>
    /// Waits for an orphan to be ready. <see langword="null"/> if there is none, or it was on its way down and is gone.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">It is not ready within the time for a start.</exception>
    public async Task<PostmasterFile?> WaitForOrphanAsync(CancellationToken ct)
    {
        if (FindRunning() is not { } orphan)
        {
            return null;
        }

        var settled = await UntilAsync(
            () => PostmasterProcess.HasEnded(orphan) || FindRunning() is { Status: PostmasterStatus.Ready },
            options.StartTimeout,
            ct);
        return settled
            ? FindRunning()
            : throw new EmbeddedPostgresException(
                $"A PostgreSQL that an earlier server left behind (process {orphan.ProcessId}) uses {folder.Data} " +
                $"and does not become ready. See {folder.Log.Path}; stop that process and start the server again.");
    }

    /// <summary>Starts a postmaster in a session of its own, out of reach of Ctrl+C in the terminal, and waits until it is ready.</summary>
    /// <exception cref="EmbeddedPostgresException">It does not come up; the message has its last log lines.</exception>
    public async Task<PostmasterFile> StartAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        var before = PostmasterFile.Read(folder.Data);
        if (before is not null)
        {
            Log.StaleFile(logger, folder.Data, before.ProcessId);
            RemoveReusedFiles(before);
            RemoveTemporarySocket(before);
        }

        var socketDirectory = ChooseSocketDirectory();
        WriteSettings(socketDirectory);
        folder.Log.BeginStart();
        // Never cancelled, see below.
        var start = RunPgCtlAsync(binaries, CancellationToken.None);
        try
        {
            // The file is ready some 50 ms before pg_ctl looks again; pg_ctl is the first to know that the postmaster ended.
            await UntilAsync(() => start.IsCompleted || ReadyFile() is not null, options.StartTimeout, ct);
            if (ReadyFile() is { } ready)
            {
                return ready;
            }

            var result = await start;
            return ReadyFile() ?? throw NotUp(binaries, result, socketDirectory);
        }
        catch (OperationCanceledException)
        {
            // Killing pg_ctl now could leave a postmaster that is not yet to be found.
            await UntilAsync(() => start.IsCompleted || FindRunning() is not null, options.StartTimeout, CancellationToken.None);
            await StopAsync(CancellationToken.None);
            throw;
        }

        PostmasterFile? ReadyFile() => FindRunning() is { Status: PostmasterStatus.Ready } file && file != before ? file : null;
    }

    /// <summary>The connection string for a running postmaster.</summary>
    public static string ConnectionString(PostmasterFile file, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = OperatingSystem.IsWindows() ? "127.0.0.1" : file.SocketDirectory,
        Port = file.Port,
        Username = DataFolder.UserName,
        Password = password,
        Database = "postgres",
    }.ConnectionString;

    /// <summary>Proves that the stored password opens the database.</summary>
    /// <exception cref="EmbeddedPostgresException">It does not, or nobody listens.</exception>
    public async Task CheckAsync(PostmasterFile file, string password, CancellationToken ct)
    {
        try
        {
            var unpooled = new NpgsqlConnectionStringBuilder(ConnectionString(file, password)) { Pooling = false };
            await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
            await connection.OpenAsync(ct);
        }
        catch (NpgsqlException e)
        {
            throw new EmbeddedPostgresException(
                $"PostgreSQL (process {file.ProcessId}) runs on {folder.Data}, " +
                $"but connecting through {file.SocketDirectory} port {file.Port} as {DataFolder.UserName} " +
                $"with the password in {folder.PasswordFile} fails: {e.Message}",
                e);
        }
    }

    /// <summary>
    /// Stops whatever postmaster runs on the folder: a fast shutdown, and after the time for it an immediate one.
    /// Returns when it is gone.
    /// </summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (FindRunning() is not { } file)
        {
            return;
        }

        await SignalAsync(file, UnixCalls.Interrupt, "fast", ct);
        if (await UntilAsync(() => PostmasterProcess.HasEnded(file), options.StopTimeout, ct))
        {
            Log.Stopped(logger, file.ProcessId);
        }
        else
        {
            Log.StoppedAtOnce(logger, file.ProcessId, options.StopTimeout.TotalSeconds);
            await SignalAsync(file, UnixCalls.Quit, "immediate", ct);
            await UntilAsync(() => PostmasterProcess.HasEnded(file), ImmediateStopTimeout, ct);
        }

        RemoveTemporarySocket(file);
    }

    private static void RemoveTemporarySocket(PostmasterFile file)
    {
        var directory = file.SocketDirectory;
        if (Path.GetFileName(directory).StartsWith(TemporaryPrefix, StringComparison.Ordinal) && Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task SignalAsync(PostmasterFile file, int signal, string mode, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            var search = options.Search ?? BinarySearch.OfThisSystem(options.BinDirectory);
            var binaries = await PostgresBinaries.FindAsync(search, folder.DataMajor, account, ct);
            await ToolProcess.RunAsync(binaries.PgCtl, ["stop", "-W", "-s", "-m", mode], account, folder.Data, ct);
        }
        else
        {
            UnixCalls.Signal(file.ProcessId, signal);
        }
    }

    private Task<ToolResult> RunPgCtlAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        var seconds = FormattableString.Invariant($"{Math.Ceiling(options.StartTimeout.TotalSeconds):F0}");
        return ToolProcess.RunAsync(
            binaries.PgCtl,
            ["start", "-w", "-s", "-t", seconds, "-l", QuoteForPgCtl(folder.Log.Path)],
            account,
            folder.Data,
            ct);
    }

    /// <summary>pg_ctl puts the log's path between double quotes into a shell command, as it is.</summary>
    private static string QuoteForPgCtl(string path) => OperatingSystem.IsWindows()
        ? path
        : string.Concat(path.Select(c => c is '"' or '$' or '`' or '\\' ? $"\\{c}" : c.ToString()));

    /// <summary>PostgreSQL takes any process with the old id for the old postmaster; this one is another program, or a zombie.</summary>
    private void RemoveReusedFiles(PostmasterFile file)
    {
        if (OperatingSystem.IsWindows() || !(UnixCalls.Signal(file.ProcessId, 0) || UnixCalls.BelongsToAnother(file.ProcessId)))
        {
            return;
        }

        File.Delete(Path.Combine(folder.Data, PostmasterFile.FileName));
        if (file.SocketDirectory.Length > 0 && Directory.Exists(file.SocketDirectory))
        {
            File.Delete(Path.Combine(file.SocketDirectory, ServerSettings.SocketName(file.Port) + ".lock"));
        }
    }

    private string? ChooseSocketDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (ServerSettings.CanHoldSocket(folder.Root))
        {
            return folder.Root;
        }

        var temporary = Directory.CreateTempSubdirectory(TemporaryPrefix).FullName;
        if (!ServerSettings.CanHoldSocket(temporary))
        {
            Directory.Delete(temporary);
            temporary = Path.Combine("/tmp", Path.GetFileName(temporary));
            PostgresFolder.CreatePrivate(temporary);
        }

        if (account is not null)
        {
            UnixCalls.ChangeOwner(temporary, account);
        }

        return temporary;
    }

    private void WriteSettings(string? socketDirectory)
    {
        var path = Path.Combine(folder.Data, ServerSettings.FileName);
        var port = socketDirectory is null ? ServerSettings.FreePort() : ServerSettings.SocketPort;

        // PostgreSQL's account owns this folder and could have put a link here: root must not write through it.
        File.Delete(path + ".new");
        using (var file = new FileStream(path + ".new", FileMode.CreateNew, FileAccess.Write))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(ServerSettings.Render(socketDirectory, port, options.Settings));
        }

        if (account is not null)
        {
            UnixCalls.ChangeOwner(path + ".new", account);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private EmbeddedPostgresException NotUp(PostgresBinaries binaries, ToolResult result, string? socketDirectory)
    {
        if (FindRunning() is { } slow)
        {
            return new EmbeddedPostgresException(
                $"PostgreSQL (process {slow.ProcessId}) is still not ready after {options.StartTimeout.TotalSeconds} s on {folder.Data}. " +
                $"It goes on, and the next start of the server waits for it. Last log line ({folder.Log.Path}): {LastLine()}");
        }

        var lines = folder.Log.LastLines();
        var said = lines.Count > 0
            ? $"Its last log lines ({folder.Log.Path}):\n{string.Join('\n', lines)}"
            : $"It wrote nothing to {folder.Log.Path}. pg_ctl says: {result.Output}";
        return new EmbeddedPostgresException(
            $"PostgreSQL {binaries.Major} ({binaries.Directory}) did not come up on {folder.Data}" +
            $"{(socketDirectory is null ? "" : $" with its socket in {socketDirectory}")}. {said}");
    }

    private string LastLine() => folder.Log.LastLines() is [.., var last] ? last : "nothing logged yet";

    private async Task<bool> UntilAsync(Func<bool> condition, TimeSpan timeout, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var reports = 0;
        while (!condition())
        {
            var elapsed = time.GetElapsedTime(start);
            if (elapsed > timeout)
            {
                return false;
            }

            if (elapsed > ReportInterval * (reports + 1))
            {
                reports++;
                Log.StillStarting(logger, LastLine());
            }

            await Task.Delay(PollInterval, time, ct);
        }

        return true;
    }
}
