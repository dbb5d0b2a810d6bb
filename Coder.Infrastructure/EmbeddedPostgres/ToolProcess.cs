using System.ComponentModel;
using System.Diagnostics;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">What it wrote to standard output and then to standard error, trimmed.</param>
internal sealed record ToolResult(int ExitCode, string Output);

/// <summary>Runs PostgreSQL's programs: as the service account, in a clean environment, from the root folder.</summary>
internal static class ToolProcess
{
    /// <summary>Clients' settings would change what the programs do, and secrets must not live on in a process that outlives us.</summary>
    private static readonly string[] RemovedVariables = ["PG", "CODER_", "ASPNETCORE_", "DOTNET_"];

    /// <summary>
    /// The C library of Linux gives memory back to the kernel as soon as 128 KiB are free, and PostgreSQL takes and frees more than that
    /// for a single statement: a third of the time of a short request went into that. Other C libraries do not know these names.
    /// </summary>
    private static readonly (string Name, string Bytes)[] MemorySettings = [("MALLOC_TOP_PAD_", "1048576"), ("MALLOC_TRIM_THRESHOLD_", "8388608")];

    /// <summary>Runs a program to its end; cancellation kills it.</summary>
    /// <exception cref="EmbeddedPostgresException">The program can not be started.</exception>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, ServiceAccount? account, CancellationToken ct) =>
        await RunAsync(program, arguments, account, dataDirectory: null, ct);

    /// <summary>Runs a program on a data folder, named in the environment: pg_ctl would pass an argument on through a shell.</summary>
    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}, ServiceAccount?, CancellationToken)"/>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, ServiceAccount? account, string? dataDirectory, CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments, account) };
        if (dataDirectory is not null)
        {
            process.StartInfo.Environment["PGDATA"] = dataDirectory;
        }

        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            var who = account is null ? "" : $" as the account {account.Name}";
            throw new EmbeddedPostgresException($"{program} can not be run{who}: {e.Message}.", e);
        }

        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            // On Windows the postmaster inherits the pipes of pg_ctl and keeps them open.
            var text = OperatingSystem.IsWindows() && IsPgCtl(program) ? "" : await output + await errors;
            return new ToolResult(process.ExitCode, text.Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static bool IsPgCtl(string program) => Path.GetFileNameWithoutExtension(program) == "pg_ctl";

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, ServiceAccount? account)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (account is not null)
        {
            info.UserName = account.Name;
        }

        foreach (var name in info.Environment.Keys.Where(IsRemoved).ToList())
        {
            info.Environment.Remove(name);
        }

        // Messages are matched and shown: one language.
        info.Environment["LC_ALL"] = "C";
        foreach (var (name, bytes) in MemorySettings)
        {
            info.Environment.TryAdd(name, bytes);
        }

        return info;
    }

    private static bool IsRemoved(string name) =>
        Array.Exists(RemovedVariables, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
