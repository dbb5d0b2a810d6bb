using System.CommandLine;

namespace Coder.Cli.Common;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    internal Option<string?> Url { get; } = new("--url")
    {
        Description = "Address of the deployment. Default: the one of the last login. Environment: CODER_URL.",
        HelpName = "url",
        Recursive = true,
    };

    internal Option<string?> Token { get; } = new("--token")
    {
        Description = "Session or API token to use instead of the stored session; the environment does not show up in "
            + "process lists and is the better place. Environment: CODER_SESSION_TOKEN.",
        HelpName = "token",
        Recursive = true,
    };

    internal Option<string?> GlobalConfig { get; } = new("--global-config")
    {
        Description = "Folder that keeps the login. Default: coderv2 in the user's configuration folder. Environment: CODER_CONFIG_DIR.",
        HelpName = "folder",
        Recursive = true,
    };
}
