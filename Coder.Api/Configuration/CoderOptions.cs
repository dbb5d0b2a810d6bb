using System.ComponentModel;

namespace Coder.Api.Configuration;

/// <summary>
/// Everything that an operator can set, as text. Each property is an environment variable (<c>CODER_…</c>), a command line flag
/// (<c>--http-address</c>) and a key of the settings file (<c>http_address</c>); <see cref="CoderSettings"/> has the values, typed and checked.
/// </summary>
public sealed class CoderOptions
{
    /// <summary>What stands before the name of each environment variable.</summary>
    public const string Prefix = "CODER_";

    [ConfigurationKeyName("HTTP_ADDRESS")]
    [Description("Address and port to listen on.")]
    public string HttpAddress { get; set; } = "127.0.0.1:3000";

    [ConfigurationKeyName("ACCESS_URL")]
    [Description("The one public URL of this deployment: links, cookies and origins depend on it. Default: http:// and the listen address.")]
    public string AccessUrl { get; set; } = "";

    [ConfigurationKeyName("CONFIG_DIR")]
    [Description("Folder of the embedded PostgreSQL and of generated secrets. Default: coderv2 in the user's configuration folder.")]
    public string ConfigDir { get; set; } = "";

    [ConfigurationKeyName("CONFIG_PATH")]
    [Description("YAML file with settings; environment variables and flags win over it.")]
    public string ConfigPath { get; set; } = "";

    [ConfigurationKeyName("PG_CONNECTION_URL")]
    [Description("URL of a PostgreSQL database (13 or newer) to use instead of the embedded one.")]
    public string PgConnectionUrl { get; set; } = "";

    [ConfigurationKeyName("PG_BIN")]
    [Description("Folder with the PostgreSQL binaries for the embedded database. Default: looked for in the usual places.")]
    public string PgBin { get; set; } = "";

    [ConfigurationKeyName("LICENSE_KEYS")]
    [Description("Public keys that licenses may be signed with: kid=base64, comma-separated.")]
    public string LicenseKeys { get; set; } = "";

    [ConfigurationKeyName("LICENSE_FILE")]
    [Description("File with one license a line, added at start when not yet stored. Lines that are no valid license are logged.")]
    public string LicenseFile { get; set; } = "";

    [ConfigurationKeyName("SESSION_DURATION")]
    [Description("How long a session lives without being used, such as 24h or 7d.")]
    public string SessionDuration { get; set; } = "24h";

    [ConfigurationKeyName("DISABLE_SESSION_EXPIRY_REFRESH")]
    [Description("Sessions end after their duration even while they are used.")]
    public string DisableSessionExpiryRefresh { get; set; } = "false";

    [ConfigurationKeyName("DEFAULT_TOKEN_LIFETIME")]
    [Description("How long a token lives without being used when nobody says so.")]
    public string DefaultTokenLifetime { get; set; } = "168h";

    [ConfigurationKeyName("MAX_TOKEN_LIFETIME")]
    [Description("The longest lifetime that a token may be given.")]
    public string MaxTokenLifetime { get; set; } = "876600h";

    [ConfigurationKeyName("MAX_ADMIN_TOKEN_LIFETIME")]
    [Description("The longest lifetime that a token of a user with the owner role may be given.")]
    public string MaxAdminTokenLifetime { get; set; } = "168h";

    [ConfigurationKeyName("DISABLE_PASSWORD_AUTH")]
    [Description("Nobody signs in with a password.")]
    public string DisablePasswordAuth { get; set; } = "false";

    [ConfigurationKeyName("DISABLE_OWNER_WORKSPACE_ACCESS")]
    [Description("Owners of the deployment may not open the workspaces of others.")]
    public string DisableOwnerWorkspaceAccess { get; set; } = "false";

    [ConfigurationKeyName("SECURE_AUTH_COOKIE")]
    [Description("Browsers send the session cookie over https only. Default: true when the access URL is https.")]
    public string SecureAuthCookie { get; set; } = "";

    [ConfigurationKeyName("SAMESITE_AUTH_COOKIE")]
    [Description("SameSite attribute of the session cookie: lax or none.")]
    public string SameSiteAuthCookie { get; set; } = "lax";

    [ConfigurationKeyName("BROWSER_ONLY")]
    [Description("Switches the license feature browser_only on. There are no workspaces yet that it would govern.")]
    public string BrowserOnly { get; set; } = "false";

    [ConfigurationKeyName("SCIM_AUTH_HEADER")]
    [Description("Secret of the SCIM client; switches the license feature scim on. The SCIM API is not built yet.")]
    public string ScimAuthHeader { get; set; } = "";

    [ConfigurationKeyName("EXTERNAL_TOKEN_ENCRYPTION_KEYS")]
    [Description("Base64 keys, comma-separated; switches the license feature external_token_encryption on. Nothing is encrypted with them yet.")]
    public string ExternalTokenEncryptionKeys { get; set; } = "";

    [ConfigurationKeyName("TELEMETRY_ENABLE")]
    [Description("Satisfies licenses that require telemetry. Nothing is ever sent.")]
    public string TelemetryEnable { get; set; } = "false";

    [ConfigurationKeyName("PROMETHEUS_ENABLE")]
    [Description("Serves metrics for Prometheus.")]
    public string PrometheusEnable { get; set; } = "false";

    [ConfigurationKeyName("PROMETHEUS_ADDRESS")]
    [Description("Address and port of the metrics, apart from the API.")]
    public string PrometheusAddress { get; set; } = "127.0.0.1:2112";

    [ConfigurationKeyName("LOGGING_JSON")]
    [Description("Writes log lines as JSON.")]
    public string LoggingJson { get; set; } = "false";

    [ConfigurationKeyName("VERBOSE")]
    [Description("Writes debug log lines too.")]
    public string Verbose { get; set; } = "false";

    [ConfigurationKeyName("SHUTDOWN_TIMEOUT")]
    [Description("How long requests that are under way may take to finish when the server stops.")]
    public string ShutdownTimeout { get; set; } = "30s";

    [ConfigurationKeyName("CONNECTION_LOGS_RETENTION")]
    [Description("How long the connection log is kept, such as 90d; 0 keeps it for ever.")]
    public string ConnectionLogsRetention { get; set; } = "0";

    [ConfigurationKeyName("OTLP_ENDPOINT")]
    [Description("Where traces and metrics are sent to by the OpenTelemetry protocol. Default: nowhere.")]
    public string OtlpEndpoint { get; set; } = "";
}
