using System.Runtime.InteropServices;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The two calls of the C library that .NET does not offer: signals other than SIGKILL, and the owner of a file.</summary>
internal static class UnixCalls
{
    /// <summary>Asks a postmaster for a fast shutdown: open transactions are rolled back.</summary>
    public const int Interrupt = 2;

    /// <summary>Asks a postmaster for an immediate shutdown: the next start recovers from the log.</summary>
    public const int Quit = 3;

    private const int NotPermitted = 1;

    /// <summary>Sends a signal; <see langword="false"/> if there is no such process or it belongs to somebody else.</summary>
    public static bool Signal(int processId, int signal) => Kill(processId, signal) == 0;

    /// <summary>Whether the process exists and belongs to somebody whom this process may not signal.</summary>
    public static bool BelongsToAnother(int processId) => Kill(processId, 0) != 0 && Marshal.GetLastPInvokeError() == NotPermitted;

    /// <summary>Hands one file or folder over to an account.</summary>
    /// <exception cref="EmbeddedPostgresException">The owner can not be changed.</exception>
    public static void ChangeOwner(string path, ServiceAccount account)
    {
        if (Chown(path, account.UserId, account.GroupId) != 0)
        {
            var reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            throw new EmbeddedPostgresException($"{path} can not be handed over to the account {account.Name}: {reason}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
