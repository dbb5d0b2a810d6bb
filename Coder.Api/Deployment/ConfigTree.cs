using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;

namespace Coder.Api.Deployment;

/// <summary>Where existing clients look for a setting in the tree of values. Settings that they do not know are in the list only.</summary>
internal static class ConfigTree
{
    private static readonly (string Key, string Place)[] Places =
    [
        ("ACCESS_URL", "access_url"),
        ("WILDCARD_ACCESS_URL", "wildcard_access_url"),
        ("DOCS_URL", "docs_url"),
        ("HTTP_ADDRESS", "http_address"),
        ("HTTP_ADDRESS", "address"),
        ("CONFIG_PATH", "config"),
        ("BROWSER_ONLY", "browser_only"),
        ("VERBOSE", "verbose"),
        ("EXPERIMENTS", "experiments"),
        ("DISABLE_OWNER_WORKSPACE_ACCESS", "disable_owner_workspace_exec"),
        ("DISABLE_PASSWORD_AUTH", "disable_password_auth"),
        ("DISABLE_PATH_APPS", "disable_path_apps"),
        ("DANGEROUS_ALLOW_CORS_REQUESTS", "dangerous.allow_all_cors"),
        ("DANGEROUS_ALLOW_PATH_APP_SHARING", "dangerous.allow_path_app_sharing"),
        ("DANGEROUS_ALLOW_PATH_APP_SITE_OWNER_ACCESS", "dangerous.allow_path_app_site_owner_access"),
        ("SECURE_AUTH_COOKIE", "http_cookies.secure_auth_cookie"),
        ("SAMESITE_AUTH_COOKIE", "http_cookies.same_site"),
        ("PROMETHEUS_ENABLE", "prometheus.enable"),
        ("PROMETHEUS_ADDRESS", "prometheus.address"),
        ("PROXY_TRUSTED_HEADERS", "proxy_trusted_headers"),
        ("PROXY_TRUSTED_ORIGINS", "proxy_trusted_origins"),
        ("API_RATE_LIMIT", "rate_limit.api"),
        ("DANGEROUS_DISABLE_RATE_LIMITS", "rate_limit.disable_all"),
        ("SESSION_DURATION", "session_lifetime.default_duration"),
        ("DEFAULT_TOKEN_LIFETIME", "session_lifetime.default_token_lifetime"),
        ("MAX_TOKEN_LIFETIME", "session_lifetime.max_token_lifetime"),
        ("MAX_ADMIN_TOKEN_LIFETIME", "session_lifetime.max_admin_token_lifetime"),
        ("DISABLE_SESSION_EXPIRY_REFRESH", "session_lifetime.disable_expiry_refresh"),
        ("SSH_HOSTNAME_PREFIX", "config_ssh.deploymentName"),
        ("SSH_CONFIG_OPTIONS", "config_ssh.sshconfigOptions"),
        ("WORKSPACE_HOSTNAME_SUFFIX", "workspace_hostname_suffix"),
        ("STRICT_TRANSPORT_SECURITY", "strict_transport_security"),
        ("STRICT_TRANSPORT_SECURITY_OPTIONS", "strict_transport_security_options"),
        ("TELEMETRY_ENABLE", "telemetry.enable"),
        ("TERMS_OF_SERVICE_URL", "terms_of_service_url"),
    ];

    /// <summary>The tree of those settings that this server has.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(IEnumerable<OptionFacts> options, IReadOnlyDictionary<string, JsonNode> values)
    {
        var shown = options.Where(o => !o.IsSecret).Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        var root = new JsonObject();
        foreach (var (key, place) in Places.Where(p => shown.Contains(p.Key)))
        {
            var parent = root;
            var names = place.Split('.');
            foreach (var name in names[..^1])
            {
                parent[name] ??= new JsonObject();
                parent = parent[name]!.AsObject();
            }

            parent[names[^1]] = Shape(place, values[key]);
        }

        return root.ToDictionary(p => p.Key, p => JsonSerializer.SerializeToElement(p.Value), StringComparer.Ordinal);
    }

    private static JsonNode Shape(string place, JsonNode value) => place switch
    {
        "access_url" or "docs_url" => Url(value.GetValue<string>()),
        "address" or "prometheus.address" => HostPort(value.GetValue<string>()),
        _ => value.DeepClone(),
    };

    private static JsonObject Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? new JsonObject { ["scheme"] = url.Scheme, ["host"] = url.Authority, ["path"] = url.AbsolutePath.TrimEnd('/') }
        : [];

    private static JsonObject HostPort(string text) => IPEndPoint.TryParse(text, out var address)
        ? new JsonObject { ["host"] = address.Address.ToString(), ["port"] = $"{address.Port}" }
        : [];
}
