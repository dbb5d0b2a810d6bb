using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>A folder of one job, only for the account of the daemon; it is gone when the job is.</summary>
internal sealed class JobFolder : IDisposable
{
    // Terraform would take them for its own: a state that nobody handed in, programs that nobody downloaded.
    private static readonly string[] LeftOut = ["terraform.tfstate", "terraform.tfstate.backup", ".terraform"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("coder-provisioner-");

    /// <summary>Where the files of the template are.</summary>
    internal string Sources => Path.Combine(_root.FullName, "template");

    public void Dispose()
    {
        try
        {
            _root.Delete(recursive: true);
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            // A process that left its group may still write here; the next cleaning of the temporary folder takes what is left.
        }
    }

    private string Archive => Path.Combine(_root.FullName, "archive.tar");

    /// <summary>Downloads the archive of a job; may be tried again.</summary>
    internal async Task<CliError?> DownloadAsync(DaemonClient client, Guid daemon, Guid job, CancellationToken cancellationToken)
    {
        await using var archive = new FileStream(Archive, FileMode.Create, FileAccess.Write);
        return await client.DownloadAsync(daemon, job, archive, cancellationToken);
    }

    /// <summary>Unpacks what was downloaded.</summary>
    internal async Task<CliError?> UnpackAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Sources);
        await using var archive = new FileStream(
            Archive, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.DeleteOnClose });
        return await ArchiveFolder.UnpackAsync(archive, Sources, IsLeftOut, cancellationToken);
    }

    private static bool IsLeftOut(string path) => LeftOut.Any(
        name => path == name || path.StartsWith($"{name}/", StringComparison.Ordinal));
}
