using System.Collections.Frozen;
using System.Text;

namespace Coder.Domain.Experiments;

/// <summary>A feature switch of the whole deployment, off until an operator names it (docs/spec/mcp.md, section 3).</summary>
/// <param name="Value">Lower case, as in the setting and on the wire. Values that this version does not know are allowed.</param>
public readonly record struct Experiment(string Value)
{
    /// <summary>The value of the OAuth2 provider.</summary>
    public const string OAuth2 = "oauth2";

    /// <summary>The value of the MCP server.</summary>
    public const string McpServerHttp = "mcp-server-http";

    /// <summary>The value of sharing workspaces with others.</summary>
    public const string WorkspaceSharing = "workspace-sharing";

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["example"] = "Example Experiment",
        ["auto-fill-parameters"] = "Auto-fill Template Parameters",
        ["notifications"] = "SMTP and Webhook Notifications",
        ["workspace-usage"] = "Workspace Usage Tracking",
        ["web-push"] = "Browser Push Notifications",
        [OAuth2] = "OAuth2 Provider Functionality",
        [McpServerHttp] = "MCP HTTP Server Functionality",
        [WorkspaceSharing] = "Workspace Sharing",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All experiments of this version.</summary>
    public static IReadOnlyList<Experiment> Known { get; } =
    [
        new("example"),
        new("auto-fill-parameters"),
        new("notifications"),
        new("workspace-usage"),
        new("web-push"),
        new(OAuth2),
        new(McpServerHttp),
        new(WorkspaceSharing),
    ];

    /// <summary>Those that <c>*</c> stands for: mature enough for everybody. None is yet.</summary>
    public static IReadOnlyList<Experiment> Safe { get; } = [];

    /// <summary>Whether this version has such an experiment.</summary>
    public bool IsKnown => Names.ContainsKey(Value);

    /// <summary>What people call it; made from the value when that is unknown: <c>foo-bar</c> is <c>Foo Bar</c>.</summary>
    public string DisplayName => Names.TryGetValue(Value, out var name) ? name : Capitalized(Value);

    /// <summary>The value.</summary>
    public override string ToString() => Value;

    private static string Capitalized(string value)
    {
        var text = new StringBuilder(value.Length);
        var isStart = true;
        foreach (var letter in value)
        {
            text.Append(letter == '-' ? ' ' : isStart ? char.ToUpperInvariant(letter) : letter);
            isStart = letter is '-' or ' ';
        }

        return text.ToString();
    }
}
