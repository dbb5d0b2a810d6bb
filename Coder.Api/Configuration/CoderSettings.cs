using System.Net;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Experiments;
using Coder.Domain.Provisioning;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Licensing;

namespace Coder.Api.Configuration;

/// <summary>The settings of the process, typed and checked; see <see cref="CoderOptions"/> for what each means.</summary>
public sealed record CoderSettings
{
    private const int MaximumDaemons = 100;

    /// <summary>Where the API listens.</summary>
    public required IPEndPoint HttpAddress { get; init; }

    /// <summary>The public URL, without a trailing slash; <see langword="null"/> until the port is known (port 0).</summary>
    public required Uri? AccessUrl { get; init; }

    /// <summary>Where these come from.</summary>
    public required CoderOptions Options { get; init; }

    /// <summary>Such as <c>*.coder.example.com</c>; may be empty.</summary>
    public required string WildcardAccessUrl { get; init; }

    /// <summary>Where the documentation is.</summary>
    public required string DocsUrl { get; init; }

    /// <summary>Stands before the names of workspaces in SSH configurations.</summary>
    public required string SshHostnamePrefix { get; init; }

    /// <summary>Stands behind the names of workspaces in SSH configurations.</summary>
    public required string WorkspaceHostnameSuffix { get; init; }

    /// <summary>Lines for every host in SSH configurations.</summary>
    public required IReadOnlyDictionary<string, string> SshConfigOptions { get; init; }

    /// <summary>Folder of the embedded PostgreSQL.</summary>
    public required string ConfigDir { get; init; }

    /// <summary>Folder into which messages to users are put.</summary>
    public required string EmailOutbox { get; init; }

    /// <summary>Connection string of an external PostgreSQL, or <see langword="null"/> for the embedded one.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>Folder of the PostgreSQL binaries, or <see langword="null"/> to look for them.</summary>
    public required string? PgBin { get; init; }

    /// <summary>The keys that licenses may be signed with.</summary>
    public required TrustedLicenseKeys LicenseKeys { get; init; }

    /// <summary>A file with licenses, or <see langword="null"/>.</summary>
    public required string? LicenseFile { get; init; }

    /// <summary>How long a session lives without being used.</summary>
    public required TimeSpan SessionDuration { get; init; }

    /// <summary>Whether use leaves a session's expiry where it is.</summary>
    public required bool DisableSessionExpiryRefresh { get; init; }

    /// <summary>How long tokens may live.</summary>
    public required TokenLifetimes TokenLifetimes { get; init; }

    /// <summary>Whether nobody signs in with a password.</summary>
    public required bool DisablePasswordAuth { get; init; }

    /// <summary>Whether owners may not open the workspaces of others.</summary>
    public required bool DisableOwnerWorkspaceAccess { get; init; }

    /// <summary>Whether those who administer organizations only find their members.</summary>
    public required bool RestrictUserSearch { get; init; }

    /// <summary>Whether workspaces may be renamed.</summary>
    public required bool AllowWorkspaceRenames { get; init; }

    /// <summary>Whether the session cookie is for https only.</summary>
    public required bool SecureAuthCookie { get; init; }

    /// <summary>The SameSite attribute of the session cookie.</summary>
    public required SameSiteMode SameSiteAuthCookie { get; init; }

    /// <summary>Whether workspaces are reached through the browser only.</summary>
    public required bool BrowserOnly { get; init; }

    /// <summary>Whether a SCIM client is configured.</summary>
    public required bool HasScim { get; init; }

    /// <summary>Whether keys for the tokens of external services are configured.</summary>
    public required bool HasTokenEncryption { get; init; }

    /// <summary>Whether licenses that require telemetry are satisfied.</summary>
    public required bool TelemetryEnable { get; init; }

    /// <summary>Where metrics are served, or <see langword="null"/> when they are not.</summary>
    public required IPEndPoint? PrometheusAddress { get; init; }

    /// <summary>Whether log lines are JSON.</summary>
    public required bool LoggingJson { get; init; }

    /// <summary>Whether debug lines are logged.</summary>
    public required bool Verbose { get; init; }

    /// <summary>How long the server waits for requests when it stops.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>The proxies before this server, and what they say.</summary>
    public required TrustedProxies TrustedProxies { get; init; }

    /// <summary>Requests a minute to each route of the API, or <see langword="null"/> for no limit.</summary>
    public required int? ApiRateLimit { get; init; }

    /// <summary>Whether there are no limits on requests and no waits after wrong passwords.</summary>
    public required bool DisableRateLimits { get; init; }

    /// <summary>Whether pages of any site may read answers.</summary>
    public required bool AllowCors { get; init; }

    /// <summary>The value of <c>Strict-Transport-Security</c> (RFC 6797), or <see langword="null"/> for no such header.</summary>
    public required string? StrictTransportSecurity { get; init; }

    /// <summary>Whether applications are not served below paths.</summary>
    public required bool DisablePathApps { get; init; }

    /// <summary>Whether applications below paths may be shared.</summary>
    public required bool AllowPathAppSharing { get; init; }

    /// <summary>Whether owners may open the applications of others below paths.</summary>
    public required bool AllowPathAppSiteOwnerAccess { get; init; }

    /// <summary>The experiments that are on.</summary>
    public required ExperimentSet Experiments { get; init; }

    /// <summary>What the operator should know about them.</summary>
    public required IReadOnlyList<string> ExperimentWarnings { get; init; }

    /// <summary>Such as Production or Development.</summary>
    public required string HostEnvironment { get; init; }

    /// <summary>How long the audit log is kept; zero for ever.</summary>
    public required TimeSpan AuditLogsRetention { get; init; }

    /// <summary>How long the connection log is kept; zero for ever.</summary>
    public required TimeSpan ConnectionLogsRetention { get; init; }

    /// <summary>How many provisioner daemons run in this server.</summary>
    public required int ProvisionerDaemons { get; init; }

    /// <summary>The quiet hours of users who chose none.</summary>
    public required Schedule QuietHours { get; init; }

    /// <summary>Lets provisioner daemons register; empty: there is no such secret.</summary>
    public required string ProvisionerDaemonPsk { get; init; }

    /// <summary>When provisioner jobs are given up.</summary>
    public required JobReaperOptions JobReaper { get; init; }

    /// <summary>Where telemetry of the operator's own goes, or <see langword="null"/>.</summary>
    public required Uri? OtlpEndpoint { get; init; }

    /// <summary>Checks all options.</summary>
    /// <returns>The settings, or one error whose <see cref="Error.Validations"/> name every variable with a bad value and what was expected.</returns>
    public static Result<CoderSettings> From(CoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var read = new OptionReader();
        var http = read.EndPoint("HTTP_ADDRESS", options.HttpAddress);
        var accessUrl = OptionReader.Optional("ACCESS_URL", options.AccessUrl, read.HttpUrl) ?? DefaultAccessUrl(http);
        var (experiments, experimentWarnings) = ExperimentSet.Parse(options.Experiments);
        var configDir = options.ConfigDir.Length > 0 ? Path.GetFullPath(options.ConfigDir) : DefaultConfigDir();
        var settings = new CoderSettings
        {
            HttpAddress = http,
            AccessUrl = accessUrl,
            Options = options,
            WildcardAccessUrl = read.WildcardHost("WILDCARD_ACCESS_URL", options.WildcardAccessUrl),
            DocsUrl = options.DocsUrl.Length == 0 ? "" : read.HttpUrl("DOCS_URL", options.DocsUrl)?.ToString().TrimEnd('/') ?? "",
            SshHostnamePrefix = read.HostnamePart("SSH_HOSTNAME_PREFIX", options.SshHostnamePrefix, mayEndWithDot: true),
            WorkspaceHostnameSuffix = read.HostnamePart("WORKSPACE_HOSTNAME_SUFFIX", options.WorkspaceHostnameSuffix, mayEndWithDot: false),
            SshConfigOptions = read.SshOptions("SSH_CONFIG_OPTIONS", options.SshConfigOptions),
            ConfigDir = configDir,
            EmailOutbox = Path.GetFullPath(options.EmailOutbox.Length > 0 ? options.EmailOutbox : Path.Combine(configDir, "outbox")),
            ConnectionString = OptionReader.Optional("PG_CONNECTION_URL", options.PgConnectionUrl, read.PostgresUrl),
            PgBin = options.PgBin.Length > 0 ? options.PgBin : null,
            LicenseKeys = read.LicenseKeys("LICENSE_KEYS", options.LicenseKeys),
            LicenseFile = options.LicenseFile.Length > 0 ? options.LicenseFile : null,
            SessionDuration = read.PositiveDuration("SESSION_DURATION", options.SessionDuration),
            DisableSessionExpiryRefresh = read.Flag("DISABLE_SESSION_EXPIRY_REFRESH", options.DisableSessionExpiryRefresh),
            TokenLifetimes = new TokenLifetimes(
                read.PositiveDuration("DEFAULT_TOKEN_LIFETIME", options.DefaultTokenLifetime),
                read.PositiveDuration("MAX_TOKEN_LIFETIME", options.MaxTokenLifetime),
                read.PositiveDuration("MAX_ADMIN_TOKEN_LIFETIME", options.MaxAdminTokenLifetime)),
            DisablePasswordAuth = read.Flag("DISABLE_PASSWORD_AUTH", options.DisablePasswordAuth),
            DisableOwnerWorkspaceAccess = read.Flag("DISABLE_OWNER_WORKSPACE_ACCESS", options.DisableOwnerWorkspaceAccess),
            RestrictUserSearch = read.Flag("RESTRICT_USER_SEARCH", options.RestrictUserSearch),
            AllowWorkspaceRenames = read.Flag("ALLOW_WORKSPACE_RENAMES", options.AllowWorkspaceRenames),
            SecureAuthCookie = options.SecureAuthCookie.Length > 0
                ? read.Flag("SECURE_AUTH_COOKIE", options.SecureAuthCookie)
                : accessUrl?.Scheme == Uri.UriSchemeHttps,
            SameSiteAuthCookie = read.SameSite("SAMESITE_AUTH_COOKIE", options.SameSiteAuthCookie),
            BrowserOnly = read.Flag("BROWSER_ONLY", options.BrowserOnly),
            HasScim = options.ScimAuthHeader.Length > 0,
            HasTokenEncryption = options.ExternalTokenEncryptionKeys.Length > 0,
            TelemetryEnable = read.Flag("TELEMETRY_ENABLE", options.TelemetryEnable),
            PrometheusAddress = read.Flag("PROMETHEUS_ENABLE", options.PrometheusEnable)
                ? read.EndPointOfItsOwn("PROMETHEUS_ADDRESS", options.PrometheusAddress, http)
                : null,
            LoggingJson = read.Flag("LOGGING_JSON", options.LoggingJson),
            Verbose = read.Flag("VERBOSE", options.Verbose),
            ShutdownTimeout = read.PositiveDuration("SHUTDOWN_TIMEOUT", options.ShutdownTimeout),
            TrustedProxies = new TrustedProxies(
                read.Networks("PROXY_TRUSTED_ORIGINS", options.ProxyTrustedOrigins), OptionReader.List(options.ProxyTrustedHeaders)),
            ApiRateLimit = read.Integer("API_RATE_LIMIT", options.ApiRateLimit) is > 0 and var limit ? limit : null,
            DisableRateLimits = read.Flag("DANGEROUS_DISABLE_RATE_LIMITS", options.DangerousDisableRateLimits),
            AllowCors = read.Flag("DANGEROUS_ALLOW_CORS_REQUESTS", options.DangerousAllowCorsRequests),
            StrictTransportSecurity = read.TransportSecurity(
                "STRICT_TRANSPORT_SECURITY", options.StrictTransportSecurity, options.StrictTransportSecurityOptions),
            DisablePathApps = read.Flag("DISABLE_PATH_APPS", options.DisablePathApps),
            AllowPathAppSharing = read.Flag("DANGEROUS_ALLOW_PATH_APP_SHARING", options.DangerousAllowPathAppSharing),
            AllowPathAppSiteOwnerAccess = read.Flag(
                "DANGEROUS_ALLOW_PATH_APP_SITE_OWNER_ACCESS", options.DangerousAllowPathAppSiteOwnerAccess),
            Experiments = experiments,
            ExperimentWarnings = experimentWarnings,
            HostEnvironment = options.Environment.Length > 0 ? options.Environment : Environments.Production,
            AuditLogsRetention = read.Retention("AUDIT_LOGS_RETENTION", options.AuditLogsRetention),
            ConnectionLogsRetention = read.Retention("CONNECTION_LOGS_RETENTION", options.ConnectionLogsRetention),
            ProvisionerDaemons = read.Count("PROVISIONER_DAEMONS", options.ProvisionerDaemons, MaximumDaemons),
            QuietHours = read.DailySchedule("QUIET_HOURS_DEFAULT_SCHEDULE", options.QuietHoursDefaultSchedule),
            ProvisionerDaemonPsk = options.ProvisionerDaemonPsk,
            JobReaper = new JobReaperOptions(
                read.PositiveDuration("JOB_HANG_DETECTOR_INTERVAL", options.JobHangDetectorInterval),
                new ReaperLimits(
                    read.PositiveDuration("JOB_HUNG_TIMEOUT", options.JobHungTimeout),
                    read.PositiveDuration("JOB_PENDING_TIMEOUT", options.JobPendingTimeout))),
            OtlpEndpoint = OptionReader.Optional("OTLP_ENDPOINT", options.OtlpEndpoint, read.HttpUrl),
        };
        return read.Errors.Count == 0 ? settings : new Error(ErrorKind.Invalid, "Some settings have bad values.", null, read.Errors);
    }

    private static Uri? DefaultAccessUrl(IPEndPoint http)
    {
        if (http.Port == 0)
        {
            return null;
        }

        var isLocal = IPAddress.IsLoopback(http.Address) || http.Address.Equals(IPAddress.Any) || http.Address.Equals(IPAddress.IPv6Any);
        return new UriBuilder(Uri.UriSchemeHttp, isLocal ? "localhost" : http.Address.ToString(), http.Port).Uri;
    }

    private static string DefaultConfigDir() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.Create), "coderv2");
}
