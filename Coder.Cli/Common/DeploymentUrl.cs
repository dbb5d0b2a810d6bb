using System.Diagnostics.CodeAnalysis;

namespace Coder.Cli.Common;

/// <summary>The address of a deployment in one spelling: http or https, no trailing slash, no query, no credentials.</summary>
internal static class DeploymentUrl
{
    /// <summary>Reads what a user types: without a scheme it is https, or http on the user's own machine.</summary>
    internal static CliResult<string> Parse(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.Contains("://", StringComparison.Ordinal))
        {
            trimmed = TryCreate($"http://{trimmed}", out var local) && local.IsLoopback ? $"http://{trimmed}" : $"https://{trimmed}";
        }

        if (!TryCreate(trimmed, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new CliError($"\"{text}\" is not the address of a deployment", Hint: "An address looks like https://coder.example.com.");
        }

        return url.UserInfo.Length > 0
            ? new CliError("The address of a deployment must not contain a user name or password")
            : url.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    private static bool TryCreate(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && url.Host.Length > 0;
}
