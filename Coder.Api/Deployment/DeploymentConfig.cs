using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;

namespace Coder.Api.Deployment;

/// <summary>
/// The document of all settings, made from the declarations themselves: an option that is added to <see cref="CoderOptions"/> is in it.
/// </summary>
internal sealed class DeploymentConfig(CoderSettings settings, AccessUrl accessUrl)
{
    // Options whose texts are lists with commas between the elements.
    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal)
    {
        "EXPERIMENTS", "LICENSE_KEYS", "PROXY_TRUSTED_HEADERS", "PROXY_TRUSTED_ORIGINS", "SSH_CONFIG_OPTIONS",
        "STRICT_TRANSPORT_SECURITY_OPTIONS",
    };

    /// <summary>Settings that pages of existing dashboards insist on and that this server does not have.</summary>
    private static readonly (string Key, string Description)[] Missing =
    [
        ("SSH_KEYGEN_ALGORITHM", "This server makes no SSH keys for users."),
        ("OIDC_CLIENT_ID", "This server does not sign users in through OpenID Connect."),
        ("OAUTH2_GITHUB_CLIENT_ID", "This server does not sign users in through GitHub."),
    ];

    private readonly Lazy<DeploymentConfigJson> _current = new(() => Make(settings, accessUrl.Value));

    /// <summary>Settings never change while a server runs, so this is made once.</summary>
    public DeploymentConfigJson Current => _current.Value;

    private static DeploymentConfigJson Make(CoderSettings settings, string accessUrl)
    {
        var values = OptionFacts.All.ToDictionary(o => o.Key, o => ValueOf(o, settings, accessUrl), StringComparer.Ordinal);
        var options = OptionFacts.All.Select(o => Describe(o, values[o.Key], settings.Options)).ToList();
        options.AddRange(Missing.Where(m => !values.ContainsKey(m.Key)).Select(m => DescribeMissing(m.Key, m.Description)));
        return new DeploymentConfigJson(ConfigTree.Of(OptionFacts.All, values), options);
    }

    private static OptionJson Describe(OptionFacts option, JsonNode value, CoderOptions options)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        if (option.IsSecret)
        {
            annotations["secret"] = "true";
        }

        if (SettingOf(option) is { } setting && (Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType) == typeof(TimeSpan))
        {
            annotations["format_duration"] = "true";
        }

        return new OptionJson(
            option.Title,
            option.Description,
            Required: false,
            option.Flag,
            FlagShorthand: "",
            option.Variable,
            option.Yaml,
            option.IsSecret ? "" : option.BuiltIn,
            JsonSerializer.SerializeToElement(value),
            options.Sources.TryGetValue(option.Key, out var source) ? source : option.TextIn(options) == option.BuiltIn ? "default" : "",
            annotations,
            OptionGroups.Of(option.Key),
            UseInstead: [],
            Hidden: false);
    }

    private static OptionJson DescribeMissing(string key, string description) => new(
        OptionFacts.TitleOf(key),
        description,
        Required: false,
        Flag: "",
        FlagShorthand: "",
        Env: "",
        Yaml: "",
        Default: "",
        JsonSerializer.SerializeToElement(Lists.Contains(key) ? new JsonArray() : (JsonNode)""),
        ValueSource: "default",
        new Dictionary<string, string>(StringComparer.Ordinal),
        OptionGroups.Of(key),
        UseInstead: [],
        Hidden: false);

    // The setting of the same name is typed and has what is derived from others; without one the text has to do.
    private static JsonNode ValueOf(OptionFacts option, CoderSettings settings, string accessUrl)
    {
        if (option.IsSecret)
        {
            return "";
        }

        var text = option.TextIn(settings.Options);
        return option.Key == "ACCESS_URL" ? accessUrl
            : Lists.Contains(option.Key) ? List(text)
            : SettingOf(option)?.GetValue(settings) is { } value && FromSetting(value) is { } known ? known
            : FromText(text);
    }

    private static System.Reflection.PropertyInfo? SettingOf(OptionFacts option) => typeof(CoderSettings).GetProperty(option.Property.Name);

    private static JsonNode? FromSetting(object value) => value switch
    {
        bool flag => flag,
        int number => number,
        long number => number,
        string text => text,
        TimeSpan duration => duration.Ticks * TimeSpan.NanosecondsPerTick,
        Uri url => url.ToString().TrimEnd('/'),
        IPEndPoint address => address.ToString(),
        Enum name => name.ToString().ToLowerInvariant(),
        _ => null,
    };

    private static JsonNode FromText(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };

    private static JsonArray List(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => (JsonNode)t)];
}
