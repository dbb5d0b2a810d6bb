using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Coder.Domain.Common;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>Gives libpq's settings the names and meanings that Npgsql has for them.</summary>
internal static partial class LibpqSettings
{
    private const int DefaultPort = 5432;

    /// <summary>Settings that change nothing here: Npgsql and the operating system decide these for themselves.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "sslcompression", "sslsni", "gsslib", "gssdelegation", "binary_parameters",
    };

    /// <summary>Settings of the session that are passed on to the server as they are.</summary>
    private static readonly HashSet<string> SessionSettings = new(StringComparer.Ordinal)
    {
        "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "default_transaction_isolation",
    };

    /// <summary>Where libpq looks when no host is named: the packages' socket folder.</summary>
    public static string DefaultHost =>
        OperatingSystem.IsWindows() ? "localhost" : OperatingSystem.IsMacOS() ? "/tmp" : "/var/run/postgresql";

    /// <summary>Whether the text can be the name of a setting, and may therefore be shown.</summary>
    public static bool IsWellFormed(string key) => KeyPattern().IsMatch(key);

    /// <summary>Builds Npgsql's settings.</summary>
    public static Result<NpgsqlConnectionStringBuilder> ToNpgsql(IReadOnlyDictionary<string, string> settings)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        if (SetHosts(builder, settings) is { } hostError)
        {
            return hostError;
        }

        foreach (var (key, value) in settings)
        {
            // As in libpq, an empty value is no value.
            if (value.Length > 0 && Set(builder, key, value) is { } error)
            {
                return error;
            }
        }

        if (builder.ApplicationName is null && settings.TryGetValue("fallback_application_name", out var fallback))
        {
            builder.ApplicationName = fallback;
        }

        if (!builder.Host!.Contains(',', StringComparison.Ordinal))
        {
            // Npgsql refuses to look for a kind of server among one.
            builder.TargetSessionAttributes = null;
        }

        SetTrust(builder, settings);
        return builder;
    }

    private static Error? SetHosts(NpgsqlConnectionStringBuilder builder, IReadOnlyDictionary<string, string> settings)
    {
        var named = settings.GetValueOrDefault("host", "");
        var address = settings.GetValueOrDefault("hostaddr", "");
        if (named.Length > 0 && address.Length > 0)
        {
            return PostgresUrl.Invalid("host and hostaddr can not both be given; leave hostaddr out");
        }

        var hosts = (named.Length > 0 ? named : address).Split(',').Select(host => host.Length > 0 ? host : DefaultHost).ToList();
        List<int> ports = [];
        foreach (var text in settings.GetValueOrDefault("port", "").Split(','))
        {
            var port = DefaultPort;
            if ((text.Length > 0 && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is < 1 or > 65535)
            {
                return PostgresUrl.Invalid($"a port has to be a number from 1 to 65535 ({PostgresUrlText.EncodeHint})");
            }

            ports.Add(port);
        }

        if (ports.Count != 1 && ports.Count != hosts.Count)
        {
            return PostgresUrl.Invalid($"there are {ports.Count} ports for {hosts.Count} hosts; give one port, or one for each host");
        }

        if (ports.Distinct().Count() == 1)
        {
            builder.Host = string.Join(',', hosts);
            builder.Port = ports[0];
            return null;
        }

        if (hosts.Exists(host => host.StartsWith('/') || host.StartsWith('@')))
        {
            return PostgresUrl.Invalid("Unix sockets and hosts with several ports can not be mixed");
        }

        builder.Host = string.Join(',', hosts.Zip(ports, WithPort));
        return null;
    }

    private static string WithPort(string host, int port)
    {
        var isIpV6 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        return string.Create(CultureInfo.InvariantCulture, $"{(isIpV6 ? $"[{host}]" : host)}:{port}");
    }

    private static Error? Set(NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "host" or "hostaddr" or "port" or "fallback_application_name" or "sslrootcert":
                return null;
            case "user":
                builder.Username = value;
                return null;
            case "password":
                builder.Password = value;
                return null;
            case "passfile":
                builder.Passfile = value;
                return null;
            case "dbname":
                builder.Database = value;
                return null;
            case "application_name":
                builder.ApplicationName = value;
                return null;
            case "search_path":
                builder.SearchPath = value;
                return null;
            case "timezone":
                builder.Timezone = value;
                return null;
            case "options":
                builder.Options = Join(builder.Options, value);
                return null;
            case "sslcert":
                builder.SslCertificate = value;
                return null;
            case "sslkey":
                builder.SslKey = value;
                return null;
            case "sslpassword":
                builder.SslPassword = value;
                return null;
            case "krbsrvname":
                builder.KerberosServiceName = value;
                return null;
            case "client_encoding":
                return Expect(value.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() is "UTF8" or "AUTO", key, "UTF8");
            case "connect_timeout":
                return SetTimeout(builder, value);
            case "pool_max_conns":
                return SetNumber(key, value, number => builder.MaxPoolSize = number);
            case "pool_min_conns":
                return SetNumber(key, value, number => builder.MinPoolSize = number);
            case "ssl":
                return Expect(value == "true", key, "true") ?? SetSslMode(builder, "require");
            case "sslmode":
                return SetSslMode(builder, value);
            case "sslnegotiation":
                return Choose(key, value, Negotiations, chosen => builder.SslNegotiation = chosen);
            case "channel_binding":
                return Choose(key, value, ChannelBindings, chosen => builder.ChannelBinding = chosen);
            case "gssencmode":
                return Choose(key, value, GssModes, chosen => builder.GssEncryptionMode = chosen);
            case "load_balance_hosts":
                return Choose(key, value, Balancing, chosen => builder.LoadBalanceHosts = chosen);
            case "target_session_attrs":
                return Choose(key, value, SessionAttributes, chosen => builder.TargetSessionAttributes = chosen);
            case "require_auth":
                return SetRequireAuth(builder, value);
            default:
                if (SessionSettings.Contains(key))
                {
                    builder.Options = Join(builder.Options, $"-c {key}={Escape(value)}");
                    return null;
                }

                return Ignored.Contains(key) ? null : PostgresUrl.Invalid($"unknown setting {key}");
        }
    }

    private static Error? SetSslMode(NpgsqlConnectionStringBuilder builder, string value) =>
        Choose("sslmode", value, SslModes, chosen => builder.SslMode = chosen);

    /// <summary>
    /// A root certificate asks for verification: with <c>require</c> it means <c>verify-ca</c>, as in libpq, and so it does without
    /// any <c>sslmode</c>, as in the reference's driver. <c>system</c> stands for the machine's own roots.
    /// </summary>
    private static void SetTrust(NpgsqlConnectionStringBuilder builder, IReadOnlyDictionary<string, string> settings)
    {
        var root = settings.GetValueOrDefault("sslrootcert", "");
        if (root.Length == 0)
        {
            return;
        }

        var mode = settings.GetValueOrDefault("sslmode", "require");
        var isSystem = root == "system";
        if (mode == "require")
        {
            builder.SslMode = isSystem ? SslMode.VerifyFull : SslMode.VerifyCA;
        }

        if (!isSystem && builder.SslMode is SslMode.VerifyCA or SslMode.VerifyFull)
        {
            builder.RootCertificate = root;
        }
    }

    private static Error? SetRequireAuth(NpgsqlConnectionStringBuilder builder, string value)
    {
        List<string> methods = [];
        foreach (var item in value.Split(','))
        {
            var prefix = item.StartsWith('!') ? "!" : "";
            if (Choose("require_auth", item[prefix.Length..], AuthMethods, chosen => methods.Add(prefix + chosen)) is { } error)
            {
                return error;
            }
        }

        builder.RequireAuth = string.Join(',', methods);
        return null;
    }

    private static Error? SetTimeout(NpgsqlConnectionStringBuilder builder, string value)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) || seconds > 1024)
        {
            return PostgresUrl.Invalid("connect_timeout has to be a number of seconds up to 1024 (0 waits for ever)");
        }

        builder.Timeout = Math.Max(seconds, 0);
        return null;
    }

    private static Error? SetNumber(string key, string value, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return PostgresUrl.Invalid($"{key} has to be a number");
        }

        set(number);
        return null;
    }

    private static Error? Choose<T>(string key, string value, Dictionary<string, T> choices, Action<T> set)
    {
        if (!choices.TryGetValue(value, out var chosen))
        {
            return Expect(isMet: false, key, string.Join(", ", choices.Keys));
        }

        set(chosen);
        return null;
    }

    private static Error? Expect(bool isMet, string key, string allowed)
    {
        var oneOf = allowed.Contains(',', StringComparison.Ordinal) ? "one of " : "";
        return isMet ? null : PostgresUrl.Invalid($"{key} has to be {oneOf}{allowed}");
    }

    private static string Join(string? options, string more) => string.IsNullOrEmpty(options) ? more : $"{options} {more}";

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z][A-Za-z_]{0,40}$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern();
}
