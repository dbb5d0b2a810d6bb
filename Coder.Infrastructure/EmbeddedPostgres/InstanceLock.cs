using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Keeps a second server out of a folder. The kernel frees it however the process ends, and a postmaster does not inherit it:
/// who gets it knows that a postmaster found running is an orphan.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    internal const string FileName = "coder.lock";

    /// <summary>The lock file can not be read while it is held, so the holder's process id stands beside it.</summary>
    private const string HolderFileName = "coder.pid";

    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of <paramref name="directory"/>, which must exist.</summary>
    /// <exception cref="EmbeddedPostgresException">Another server holds it, or the folder can not be written.</exception>
    public static InstanceLock Acquire(string directory)
    {
        var path = Path.Combine(directory, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException(
                $"The folder {directory} can not be written ({e.Message}); set CODER_CONFIG_DIR to one that can.", e);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new EmbeddedPostgresException(
                $"Another Coder server{Holder(directory)} already uses {directory}. " +
                "Stop it first, or give this one its own folder in CODER_CONFIG_DIR. " +
                "(Several servers on one database need CODER_PG_CONNECTION_URL.)",
                e);
        }

        File.WriteAllText(Path.Combine(directory, HolderFileName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new InstanceLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string directory)
    {
        try
        {
            return $" (process {File.ReadAllText(Path.Combine(directory, HolderFileName)).Trim()})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
