namespace Coder.Cli.Common;

/// <summary>What a login leaves behind: the deployment and the session there. Either may be missing.</summary>
internal sealed record StoredLogin(string? Url, string? Session);

/// <summary>Keeps the login in the files <c>url</c> and <c>session</c> of one folder, readable by their owner only.</summary>
internal sealed class ConfigStore(string directory)
{
    private readonly string _urlFile = Path.Combine(directory, "url");
    private readonly string _sessionFile = Path.Combine(directory, "session");

    internal CliResult<StoredLogin> Load()
    {
        try
        {
            return new StoredLogin(Read(_urlFile), Read(_sessionFile));
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return new CliError($"Can not read the login stored in {directory}", exception.Message);
        }
    }

    internal CliError? Save(string url, string session) =>

        // The old session goes first: a failure in between must not leave it beside the address of another deployment.
        ClearSession()
        ?? SecretFile.Write(_urlFile, url, overwrite: true)
        ?? SecretFile.Write(_sessionFile, session, overwrite: true);

    /// <summary>Forgets the session and keeps the address, so that the next login needs no argument.</summary>
    internal CliError? ClearSession()
    {
        try
        {
            if (File.Exists(_sessionFile))
            {
                File.Delete(_sessionFile);
            }

            return null;
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return new CliError($"Can not delete {_sessionFile}", exception.Message);
        }
    }

    private static string? Read(string path) =>
        File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
}
