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

    [ConfigurationKeyName("WILDCARD_ACCESS_URL")]
    [Description("Host of applications on subdomains, such as *.coder.example.com. Default: none.")]
    public string WildcardAccessUrl { get; set; } = "";

    [ConfigurationKeyName("DOCS_URL")]
    [Description("Where the links of the dashboard to documentation lead.")]
    public string DocsUrl { get; set; } = "https://coder.com/docs";

    [ConfigurationKeyName("SSH_HOSTNAME_PREFIX")]
    [Description("Stands before the names of workspaces in the SSH configuration of clients.")]
    public string SshHostnamePrefix { get; set; } = "coder.";

    [ConfigurationKeyName("WORKSPACE_HOSTNAME_SUFFIX")]
    [Description("Stands behind the names of workspaces in the SSH configuration of clients, after a dot.")]
    public string WorkspaceHostnameSuffix { get; set; } = "coder";

    [ConfigurationKeyName("SSH_CONFIG_OPTIONS")]
    [Description("Lines for every host in the SSH configuration of clients: Key=Value, comma-separated.")]
    public string SshConfigOptions { get; set; } = "";

    [ConfigurationKeyName("CONFIG_DIR")]
    [Description("Folder of the embedded PostgreSQL and of generated secrets. Default: coderv2 in the user's configuration folder.")]
    public string ConfigDir { get; set; } = "";

    [ConfigurationKeyName("EMAIL_OUTBOX")]
    [Description("Folder into which messages to users are put, as .eml files. Default: outbox in the folder of CODER_CONFIG_DIR.")]
    public string EmailOutbox { get; set; } = "";

    [ConfigurationKeyName("CONFIG_PATH")]
    [Description("YAML file with settings; environment variables and flags win over it.")]
    public string ConfigPath { get; set; } = "";

    [ConfigurationKeyName("PG_CONNECTION_URL")]
    [PasswordPropertyText(true)]
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

    [ConfigurationKeyName("RESTRICT_USER_SEARCH")]
    [Description("Who administers organizations only finds their members, and other users by their exact address or username.")]
    public string RestrictUserSearch { get; set; } = "false";

    [ConfigurationKeyName("ALLOW_WORKSPACE_RENAMES")]
    [Description("Workspaces may be renamed. What keeps their data may go by their names: it would be lost.")]
    public string AllowWorkspaceRenames { get; set; } = "false";

    [ConfigurationKeyName("SECURE_AUTH_COOKIE")]
    [Description("Browsers send the session cookie over https only. Default: true when the access URL is https.")]
    public string SecureAuthCookie { get; set; } = "";

    [ConfigurationKeyName("SAMESITE_AUTH_COOKIE")]
    [Description("SameSite attribute of the session cookie: lax or none.")]
    public string SameSiteAuthCookie { get; set; } = "lax";

    [ConfigurationKeyName("BROWSER_ONLY")]
    [Description("Switches the license feature browser_only on.")]
    public string BrowserOnly { get; set; } = "false";

    [ConfigurationKeyName("SCIM_AUTH_HEADER")]
    [PasswordPropertyText(true)]
    [Description("Secret of the SCIM client; switches the license feature scim on. The SCIM API is not built yet.")]
    public string ScimAuthHeader { get; set; } = "";

    [ConfigurationKeyName("EXTERNAL_TOKEN_ENCRYPTION_KEYS")]
    [PasswordPropertyText(true)]
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

    [ConfigurationKeyName("PROXY_TRUSTED_ORIGINS")]
    [Description("Networks of the reverse proxies, such as 10.0.0.0/8, comma-separated. Only they may say where a client is.")]
    public string ProxyTrustedOrigins { get; set; } = "";

    [ConfigurationKeyName("PROXY_TRUSTED_HEADERS")]
    [Description("Headers in which a trusted proxy says where a client is, comma-separated; the first usable one counts.")]
    public string ProxyTrustedHeaders { get; set; } = "X-Forwarded-For";

    [ConfigurationKeyName("API_RATE_LIMIT")]
    [Description("Requests a minute to each route of the API, for each user or anonymous address. 0 or less: no such limit.")]
    public string ApiRateLimit { get; set; } = "512";

    [ConfigurationKeyName("DANGEROUS_DISABLE_RATE_LIMITS")]
    [Description("Switches off all limits on requests and the waits after wrong passwords.")]
    public string DangerousDisableRateLimits { get; set; } = "false";

    [ConfigurationKeyName("DANGEROUS_ALLOW_CORS_REQUESTS")]
    [Description("Lets pages of any other site read answers of the API, without credentials of the browser.")]
    public string DangerousAllowCorsRequests { get; set; } = "false";

    [ConfigurationKeyName("STRICT_TRANSPORT_SECURITY")]
    [Description("For how many seconds browsers must use https only (Strict-Transport-Security). 0: they are not told so.")]
    public string StrictTransportSecurity { get; set; } = "0";

    [ConfigurationKeyName("STRICT_TRANSPORT_SECURITY_OPTIONS")]
    [Description("What that header says besides: includeSubDomains, preload, comma-separated.")]
    public string StrictTransportSecurityOptions { get; set; } = "";

    [ConfigurationKeyName("DISABLE_PATH_APPS")]
    [Description("Applications are not served below paths of this host. This server serves none itself; it then says so with 403.")]
    public string DisablePathApps { get; set; } = "false";

    [ConfigurationKeyName("DANGEROUS_ALLOW_PATH_APP_SHARING")]
    [Description("Applications below paths may be shared. For whoever serves them; this server does not.")]
    public string DangerousAllowPathAppSharing { get; set; } = "false";

    [ConfigurationKeyName("DANGEROUS_ALLOW_PATH_APP_SITE_OWNER_ACCESS")]
    [Description("Owners of the deployment may open applications of others below paths. For whoever serves them; this server does not.")]
    public string DangerousAllowPathAppSiteOwnerAccess { get; set; } = "false";

    [ConfigurationKeyName("EXPERIMENTS")]
    [Description("Experiments to switch on, comma-separated; * stands for all that are safe.")]
    public string Experiments { get; set; } = "";

    [ConfigurationKeyName("ENVIRONMENT")]
    [Description("Development lets requests through that need an experiment. Also read from ASPNETCORE_ENVIRONMENT, DOTNET_ENVIRONMENT.")]
    public string Environment { get; set; } = "Production";

    [ConfigurationKeyName("AUDIT_LOGS_RETENTION")]
    [Description("How long the audit log is kept, such as 365d; 0 keeps it for ever.")]
    public string AuditLogsRetention { get; set; } = "0";

    [ConfigurationKeyName("CONNECTION_LOGS_RETENTION")]
    [Description("How long the connection log is kept, such as 90d; 0 keeps it for ever.")]
    public string ConnectionLogsRetention { get; set; } = "0";

    [ConfigurationKeyName("PROVISIONER_DAEMONS")]
    [Description("How many provisioner daemons run in this server, in the default organization; 0: none.")]
    public string ProvisionerDaemons { get; set; } = "3";

    [ConfigurationKeyName("QUIET_HOURS_DEFAULT_SCHEDULE")]
    [Description("When an unasked stop of workspaces disturbs least: times of the day as cron, with a time zone.")]
    public string QuietHoursDefaultSchedule { get; set; } = "CRON_TZ=UTC 0 0 * * *";

    [ConfigurationKeyName("PROVISIONER_DAEMON_PSK")]
    [PasswordPropertyText(true)]
    [Description("Secret that lets provisioner daemons register without a user or a key. Default: nobody has one.")]
    public string ProvisionerDaemonPsk { get; set; } = "";

    [ConfigurationKeyName("JOB_HANG_DETECTOR_INTERVAL")]
    [Description("How often the server looks for provisioner jobs that nobody works on any more.")]
    public string JobHangDetectorInterval { get; set; } = "1m";

    [ConfigurationKeyName("JOB_HUNG_TIMEOUT")]
    [Description("How long a running provisioner job may be silent before it is ended, such as 5m.")]
    public string JobHungTimeout { get; set; } = "5m";

    [ConfigurationKeyName("JOB_PENDING_TIMEOUT")]
    [Description("How long a provisioner job may wait for a daemon before it is ended, such as 1h30m.")]
    public string JobPendingTimeout { get; set; } = "30m";

    [ConfigurationKeyName("OTLP_ENDPOINT")]
    [Description("Where traces and metrics are sent to by the OpenTelemetry protocol. Default: nowhere.")]
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Where values that are not built in come from, by name: <c>flag</c>, <c>env</c> or <c>yaml</c>.</summary>
    internal IReadOnlyDictionary<string, string> Sources { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
