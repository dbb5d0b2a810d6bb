namespace Coder.Api.Deployment;

/// <summary>Under which heading dashboards show a setting, judged by its name.</summary>
internal static class OptionGroups
{
    private static readonly OptionGroupJson Networking = Group("Networking");
    private static readonly OptionGroupJson Introspection = Group("Introspection");

    // The first beginning that fits counts.
    private static readonly (string Beginning, OptionGroupJson Group)[] Groups =
    [
        ("HTTP_", Networking with { Name = "HTTP", Yaml = "http", Parent = Networking }),
        ("ACCESS_URL", Networking),
        ("WILDCARD_", Networking),
        ("DOCS_URL", Networking),
        ("SECURE_AUTH_COOKIE", Networking),
        ("SAMESITE_", Networking),
        ("PROXY_", Networking),
        ("STRICT_TRANSPORT_", Networking),
        ("API_RATE_LIMIT", Networking),
        ("SESSION_", Networking),
        ("DISABLE_SESSION_", Networking),
        ("PROMETHEUS_", Introspection with { Name = "Prometheus", Yaml = "prometheus", Parent = Introspection }),
        ("LOGGING_", Introspection with { Name = "Logging", Yaml = "logging", Parent = Introspection }),
        ("VERBOSE", Introspection with { Name = "Logging", Yaml = "logging", Parent = Introspection }),
        ("OTLP_", Introspection with { Name = "Tracing", Yaml = "tracing", Parent = Introspection }),
        ("TELEMETRY_", Group("Telemetry")),
        ("OAUTH2_", Group("OAuth2")),
        ("OIDC_", Group("OIDC")),
        ("DANGEROUS_", Group("Dangerous")),
        ("SSH_", Group("Client")),
        ("WORKSPACE_HOSTNAME_", Group("Client")),
        ("LICENSE_", Group("Enterprise")),
        ("BROWSER_ONLY", Group("Enterprise")),
        ("SCIM_", Group("Enterprise")),
        ("EXTERNAL_TOKEN_", Group("Enterprise")),
    ];

    /// <summary>The heading, or <see langword="null"/> when none fits.</summary>
    public static OptionGroupJson? Of(string key) =>
        Array.Find(Groups, g => key.StartsWith(g.Beginning, StringComparison.Ordinal)).Group;

    private static OptionGroupJson Group(string name) => new(name, name.ToLowerInvariant(), "", null);
}
