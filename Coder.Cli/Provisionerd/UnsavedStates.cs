using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>
/// Keeps the states that the server did not take, for what Terraform made is known from nothing else. Only the account of the daemon can
/// read them.
/// </summary>
/// <param name="folder">An absolute path; is made when it is needed.</param>
internal sealed class UnsavedStates(string folder)
{
    /// <summary>Writes a state down.</summary>
    /// <param name="job">The job that left it.</param>
    /// <param name="state">As Terraform wrote it.</param>
    /// <returns>The path of the file; it is below the temporary folder when the usual one can not be written to.</returns>
    internal CliResult<string> Keep(Guid job, byte[] state)
    {
        var name = $"{job}.tfstate";
        var path = Path.Combine(folder, name);
        if (SecretFile.Write(path, state, overwrite: true) is not { } error)
        {
            return path;
        }

        try
        {
            path = Path.Combine(Directory.CreateTempSubdirectory("coder-unsaved-state-").FullName, name);
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return error;
        }

        return SecretFile.Write(path, state, overwrite: true) is null ? path : error;
    }
}
