using System.CommandLine;
using System.Text.Json.Serialization;

namespace Coder.Cli.Common;

/// <summary>An organization, as far as the tool reads it.</summary>
internal sealed record OrganizationJson(Guid Id, string? Name, bool IsDefault);

/// <summary>The option <c>--org</c>: where templates are.</summary>
internal sealed class OrganizationOption(CliContext context)
{
    private const string Variable = "CODER_ORGANIZATION";
    private static readonly OrganizationJsonContext Json = OrganizationJsonContext.Default;

    internal Option<string?> Option { get; } = new("--org", "-O")
    {
        Description = $"Organization, by name or id. Default: the one that you belong to; of several, the default one. Environment: {Variable}.",
        HelpName = "organization",
    };

    /// <summary>Whether the user names one.</summary>
    internal bool IsGiven(ParseResult parsed) => Given(parsed) is not null;

    /// <summary>Finds the organization that is meant.</summary>
    internal async Task<CliResult<OrganizationJson>> FindAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (Given(parsed) is { } name)
        {
            var found = await client.GetAsync($"/organizations/{Uri.EscapeDataString(name)}", Json.OrganizationJson, cancellationToken);
            return found.Error is { Status: 404 }
                ? new CliError($"There is no organization \"{name}\" that you may see") { Status = 404 }
                : found;
        }

        if (!(await client.GetAsync("/users/me/organizations", Json.OrganizationJsonArray, cancellationToken)).Is(out var own, out var error))
        {
            return error;
        }

        if (own is [var only])
        {
            return only;
        }

        return Array.Find(own, organization => organization.IsDefault) is { } preset
            ? preset
            : new CliError(
                own.Length == 0 ? "You belong to no organization" : "You belong to several organizations",
                Hint: own.Length == 0
                    ? "Name one with --org."
                    : $"Name one with --org: {string.Join(", ", own.Select(organization => organization.Name))}.");
    }

    private string? Given(ParseResult parsed) => context.Value(parsed, Option, Variable);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(OrganizationJson[]))]
internal sealed partial class OrganizationJsonContext : JsonSerializerContext;
