using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The folder of the embedded PostgreSQL: data, password, log, socket. It belongs to the account that PostgreSQL has.</summary>
internal sealed class PostgresFolder
{
    private const string OwnerFileName = "config-dir";
    private const int NotReachable = 3;
    private const int OwnedByAnother = 4;

    private PostgresFolder(string root) => Root = root;

    public string Root { get; }

    public string Data => Path.Combine(Root, "data");

    public string PasswordFile => Path.Combine(Root, "password");

    public PostgresLog Log => field ??= new PostgresLog(Path.Combine(Root, "postgres.log"));

    /// <summary>Whether there is a finished data folder.</summary>
    public bool HasData => File.Exists(VersionFile);

    private string VersionFile => Path.Combine(Data, "PG_VERSION");

    /// <summary>The major version that wrote the data, or <see langword="null"/> if there is none.</summary>
    public int? DataMajor => HasData
        && int.TryParse(File.ReadAllText(VersionFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var major)
            ? major
            : null;

    /// <summary>Makes the folder: in the configuration folder, or the fallback if <paramref name="account"/> can not get there.</summary>
    /// <returns>The folder, and whether it is the fallback.</returns>
    /// <exception cref="EmbeddedPostgresException">Neither can be used, or the fallback is another server's.</exception>
    public static async Task<(PostgresFolder Folder, bool IsFallback)> PrepareAsync(
        string configDirectory, string fallbackDirectory, ServiceAccount? account, CancellationToken ct)
    {
        var folder = new PostgresFolder(Path.Combine(configDirectory, "postgres"));
        if (await folder.TryHandOverAsync(account, ct))
        {
            return (folder, false);
        }

        if (folder.HasData)
        {
            throw new EmbeddedPostgresException(
                $"The data in {folder.Data} can not be reached by the account {account!.Name} that PostgreSQL runs as. " +
                "Make every folder above it passable (chmod o+x), or move it and set CODER_CONFIG_DIR.");
        }

        if (!Directory.EnumerateFileSystemEntries(folder.Root).Any())
        {
            Directory.Delete(folder.Root);
        }

        var fallback = new PostgresFolder(fallbackDirectory);
        if (!await fallback.TryHandOverAsync(account, ct))
        {
            throw new EmbeddedPostgresException(
                $"The account {account!.Name} that PostgreSQL runs as can reach neither {configDirectory} nor {fallbackDirectory}. " +
                "Set CODER_CONFIG_DIR to a folder below passable ones.");
        }

        fallback.ClaimFor(configDirectory);
        return (fallback, true);
    }

    /// <summary>Two configuration folders must not find each other's database in the one fallback.</summary>
    private void ClaimFor(string configDirectory)
    {
        var path = Path.Combine(Root, OwnerFileName);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, configDirectory);
        }
        else if (File.ReadAllText(path) is var owner && owner != configDirectory)
        {
            throw new EmbeddedPostgresException(
                $"PostgreSQL can not keep its data in {configDirectory} (its account can not get there), " +
                $"and {Root} already holds the data of {owner}. " +
                "Set CODER_CONFIG_DIR to a folder that everybody can pass through.");
        }
    }

    /// <summary>Gives the folder to the account; <see langword="false"/> if the account can not get there.</summary>
    private async Task<bool> TryHandOverAsync(ServiceAccount? account, CancellationToken ct)
    {
        CreatePrivate(Root);
        if (account is null)
        {
            return true;
        }

        UnixCalls.ChangeOwner(Root, account);
        // Asked as the account itself: modes alone do not tell, there are access lists and mount options too.
        const string Probe = "cd \"$0\" 2>/dev/null || exit 3; [ ! -e data ] || [ -O data ] || exit 4";
        var result = await ToolProcess.RunAsync("/bin/sh", ["-c", Probe, Root], account, ct);
        if (result.ExitCode == OwnedByAnother)
        {
            await ToolProcess.RunAsync("/bin/chown", ["-R", $"{account.UserId}:{account.GroupId}", Data], null, ct);
        }

        return result.ExitCode != NotReachable;
    }

    /// <summary>Makes a folder that only its owner may enter.</summary>
    internal static void CreatePrivate(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException($"The folder {path} can not be made: {e.Message}", e);
        }
    }
}
