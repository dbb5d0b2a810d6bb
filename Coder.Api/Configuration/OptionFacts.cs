using System.ComponentModel;
using System.Reflection;

namespace Coder.Api.Configuration;

/// <summary>
/// What is declared about one option: everything that its property in <see cref="CoderOptions"/> says, and what its name implies.
/// </summary>
/// <param name="Key">The name without prefix, such as <c>HTTP_ADDRESS</c>.</param>
/// <param name="Title">The name for people, such as <c>HTTP Address</c>.</param>
/// <param name="Description">What it does.</param>
/// <param name="BuiltIn">The built-in value.</param>
/// <param name="IsSecret">Whether its value is never shown; see <see cref="PasswordPropertyTextAttribute"/>.</param>
/// <param name="Property">Where the value is.</param>
internal sealed record OptionFacts(string Key, string Title, string Description, string BuiltIn, bool IsSecret, PropertyInfo Property)
{
    // Words of which the usual spelling is not a capital and small letters.
    private static readonly Dictionary<string, string> Spelling = new(StringComparer.Ordinal)
    {
        ["API"] = "API",
        ["CORS"] = "CORS",
        ["CSP"] = "CSP",
        ["CSRF"] = "CSRF",
        ["GITHUB"] = "GitHub",
        ["HSTS"] = "HSTS",
        ["HTTP"] = "HTTP",
        ["ID"] = "ID",
        ["IP"] = "IP",
        ["JSON"] = "JSON",
        ["MCP"] = "MCP",
        ["OAUTH2"] = "OAuth2",
        ["OIDC"] = "OIDC",
        ["OTLP"] = "OTLP",
        ["PG"] = "PostgreSQL",
        ["PSK"] = "PSK",
        ["SAMESITE"] = "SameSite",
        ["SCIM"] = "SCIM",
        ["SSH"] = "SSH",
        ["TLS"] = "TLS",
        ["URL"] = "URL",
        ["YAML"] = "YAML",
    };

    /// <summary>All options in the order of their declaration.</summary>
    public static IReadOnlyList<OptionFacts> All { get; } = Read();

    /// <summary>The environment variable.</summary>
    public string Variable => CoderOptions.Prefix + Key;

    /// <summary>The flag, without the hyphens before it.</summary>
    public string Flag => Key.ToLowerInvariant().Replace('_', '-');

    /// <summary>The key of the settings file.</summary>
    public string Yaml => Key.ToLowerInvariant();

    /// <summary>The value as it was given.</summary>
    public string TextIn(CoderOptions options) => (string)Property.GetValue(options)!;

    /// <summary>Spells the name of an option for people.</summary>
    public static string TitleOf(string key) => string.Join(
        ' ',
        key.Split('_').Select(word => Spelling.TryGetValue(word, out var spelled) ? spelled : word[..1] + word[1..].ToLowerInvariant()));

    private static OptionFacts[] Read()
    {
        var builtIn = new CoderOptions();
        return
        [
            .. from property in typeof(CoderOptions).GetProperties()
               let key = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name
               select new OptionFacts(
                   key,
                   TitleOf(key),
                   property.GetCustomAttribute<DescriptionAttribute>()!.Description,
                   (string)property.GetValue(builtIn)!,
                   property.GetCustomAttribute<PasswordPropertyTextAttribute>()?.Password == true,
                   property),
        ];
    }
}
