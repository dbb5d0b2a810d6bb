using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary>What a user types for a workspace: <c>name</c> for one of his own, or <c>owner/name</c>.</summary>
/// <param name="Owner">A username or id; <c>me</c> for whoever asks.</param>
/// <param name="Name">The name.</param>
internal sealed record WorkspaceName(string Owner, string Name)
{
    internal const string Description = "Workspace: its name, or owner/name for one of somebody else.";

    internal static CliResult<WorkspaceName> Parse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } name] => new WorkspaceName("me", name),
        [{ Length: > 0 } owner, { Length: > 0 } name] => new WorkspaceName(owner, name),
        _ => new CliError($"\"{text}\" is not the name of a workspace", Hint: "Workspaces are named name or owner/name."),
    };

    /// <summary>As the user would type it.</summary>
    public override string ToString() => Owner == "me" ? Name : $"{Owner}/{Name}";
}
