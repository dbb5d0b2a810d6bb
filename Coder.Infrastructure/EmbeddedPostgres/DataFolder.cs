using System.Security.Cryptography;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Makes the data folder: beside its place first, then moved there in one step, so that an interrupted first run leaves
/// nothing in the way.
/// </summary>
internal sealed class DataFolder(PostgresFolder folder, ServiceAccount? account)
{
    internal const string UserName = "coder";
    private const string StagingPrefix = "data.new-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Runs <c>initdb</c> and stores a new random password.</summary>
    /// <exception cref="EmbeddedPostgresException">Something else is in the place of the data, or <c>initdb</c> fails.</exception>
    public async Task CreateAsync(PostgresBinaries binaries, bool sync, CancellationToken ct)
    {
        RemoveLeftovers();
        if (Directory.Exists(folder.Data) && Directory.EnumerateFileSystemEntries(folder.Data).Any())
        {
            throw new EmbeddedPostgresException(
                $"{folder.Data} is not empty and yet no PostgreSQL data folder (it has no file PG_VERSION). " +
                "Move it away, or restore the missing files.");
        }

        // A name of its own: an initdb whose server was killed may still be writing into the folder of that attempt.
        var staging = Path.Combine(folder.Root, StagingPrefix + RandomNumberGenerator.GetHexString(8, lowercase: true));
        PostgresFolder.CreatePrivate(staging);
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        WritePrivate(folder.PasswordFile, password);
        var handedPassword = staging + ".password";
        WritePrivate(handedPassword, password);
        if (account is not null)
        {
            UnixCalls.ChangeOwner(staging, account);
            UnixCalls.ChangeOwner(handedPassword, account);
        }

        try
        {
            await RunInitDbAsync(binaries, staging, handedPassword, sync, ct);
            await File.AppendAllTextAsync(
                Path.Combine(staging, "postgresql.conf"),
                $"\n# Written at every start of the server; ALTER SYSTEM wins over it.\ninclude '{ServerSettings.FileName}'\n",
                ct);
            if (Directory.Exists(folder.Data))
            {
                Directory.Delete(folder.Data);
            }

            Directory.Move(staging, folder.Data);
        }
        finally
        {
            File.Delete(handedPassword);
        }
    }

    /// <summary>The password of the existing data.</summary>
    /// <exception cref="EmbeddedPostgresException">The file is missing or can not be read.</exception>
    public string ReadPassword()
    {
        try
        {
            return File.ReadAllText(folder.PasswordFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"The password of the embedded PostgreSQL can not be read from {folder.PasswordFile} ({e.Message}). " +
                $"Run the server as the user that made {folder.Root}, or restore the file.",
                e);
        }
    }

    private async Task RunInitDbAsync(PostgresBinaries binaries, string staging, string passwordFile, bool sync, CancellationToken ct)
    {
        List<string> arguments =
        [
            "-D", staging, "-U", UserName, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "--locale=C", "-E", "UTF8",
        ];
        if (!sync)
        {
            arguments.Add("--no-sync");
        }

        var (exitCode, output) = await ToolProcess.RunAsync(binaries.InitDb, arguments, account, ct);
        if (exitCode != 0)
        {
            throw new EmbeddedPostgresException($"{binaries.InitDb} could not make a database in {folder.Root}:\n{output}");
        }
    }

    private void RemoveLeftovers()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder.Root, StagingPrefix + "*").ToList())
        {
            try
            {
                if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: true);
                }
                else
                {
                    File.Delete(entry);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An orphaned initdb still writes there; the next first run takes it away.
            }
        }
    }

    private static void WritePrivate(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var stream = new FileStream(path, options);
        using var writer = new StreamWriter(stream);
        writer.Write(text);
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}
