using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary>Finding the template that a user names.</summary>
internal static class TemplateChoice
{
    /// <summary>The longest name, in characters (docs/spec/platform.md, section 4).</summary>
    private const int LongestName = 32;

    /// <summary>Whether a template or workspace can have this name: letters and digits, and single hyphens between them.</summary>
    internal static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text[0] != '-'
        && text[^1] != '-'
        && !text.Contains("--", StringComparison.Ordinal)
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    /// <summary>Finds a template by its name alone, wherever it is.</summary>
    internal static async Task<CliResult<TemplateJson>> FindAnywhereAsync(TemplatesApi api, string name, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return Unknown(name, null);
        }

        if (!(await api.ListNamedAsync(name, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        return found switch
        {
            [] => Unknown(name, null),
            [var only] => only,
            _ => new CliError(
                $"There is a template \"{name}\" in several organizations",
                Hint: $"Name one with --org: {string.Join(", ", found.Select(template => template.OrganizationName))}."),
        };
    }

    internal static CliError Unknown(string name, OrganizationJson? organization) => new(
        organization is null
            ? $"There is no template \"{name}\" that you may see"
            : $"There is no template \"{name}\" in the organization {organization.Name} that you may see",
        Hint: "Run 'coder templates list' to see those that you may.");
}
