using System.Globalization;
using System.Net;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Licensing;

namespace Coder.Api.Configuration;

/// <summary>Reads option texts and collects what is wrong with them. No message repeats a value that may be a secret.</summary>
internal sealed class OptionReader
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public bool Flag(string name, string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" or "t" => true,
        "" or "false" or "0" or "no" or "off" or "f" => false,
        _ => Fail(name, $"expected true or false, got \"{text}\"", false),
    };

    public IPEndPoint EndPoint(string name, string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? null : text[..colon].ToLowerInvariant() switch
        {
            "" => "0.0.0.0",
            "localhost" => "127.0.0.1",
            var other => other,
        };

        // Without brackets nobody can tell the port from the last group of an IPv6 address.
        return host is not null
            && (host.StartsWith('[') || !host.Contains(':', StringComparison.Ordinal))
            && IPAddress.TryParse(host, out var address)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new IPEndPoint(address, port)
            : Fail(name, $"expected an IP address and a port such as 127.0.0.1:3000, got \"{text}\"", new IPEndPoint(IPAddress.Loopback, 0));
    }

    // Requests are told apart by the port that they came in at.
    public IPEndPoint EndPointOfItsOwn(string name, string text, IPEndPoint other)
    {
        var endPoint = EndPoint(name, text);
        return endPoint.Port != 0 && endPoint.Port != other.Port
            ? endPoint
            : Fail(name, $"expected a port other than 0 and the API's {other.Port}, got \"{text}\"", endPoint);
    }

    public TimeSpan PositiveDuration(string name, string text) =>
        GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero
            ? duration
            : Fail(name, $"expected a duration such as 24h, 1h30m or 7d, got \"{text}\"", TimeSpan.FromHours(1));

    public TimeSpan Retention(string name, string text) =>
        GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero
            ? duration
            : Fail(name, $"expected a duration such as 90d or 720h, or 0 to keep everything, got \"{text}\"", TimeSpan.Zero);

    public SameSiteMode SameSite(string name, string text) => text.ToLowerInvariant() switch
    {
        "lax" => SameSiteMode.Lax,
        "none" => SameSiteMode.None,
        _ => Fail(name, $"expected lax or none, got \"{text}\"", SameSiteMode.Lax),
    };

    public Uri? HttpUrl(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : Fail<Uri?>(name, $"expected a URL that starts with http:// or https:// and has no query{WithoutSecret(text)}", null);

    public string WildcardHost(string name, string text) =>
        text.Length == 0 || (text.StartsWith('*') && Uri.CheckHostName(text.TrimStart('*', '-', '.')) == UriHostNameType.Dns)
            ? text
            : Fail(name, $"expected a host with an asterisk at its beginning such as *.coder.example.com, got \"{text}\"", "");

    public string HostnamePart(string name, string text, bool mayEndWithDot) =>
        text.Length == 0 || Uri.CheckHostName(mayEndWithDot ? text.TrimEnd('.') : text) == UriHostNameType.Dns
            ? text
            : Fail(name, $"expected letters, digits, hyphens and dots between them, got \"{text}\"", "");

    public IReadOnlyDictionary<string, string> SshOptions(string name, string text)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = part.AsSpan().IndexOfAny('=', ' ');
            if (separator <= 0)
            {
                return Fail(name, $"expected Key=Value with commas between, got \"{part}\"", options);
            }

            options[part[..separator].Trim()] = part[(separator + 1)..].Trim();
        }

        return options;
    }

    public string? PostgresUrl(string name, string text) =>
        Infrastructure.Database.PostgresUrl.ToConnectionString(text).Is(out var connectionString, out var error)
            ? connectionString
            : Fail<string?>(name, error.Detail ?? error.Message, null);

    public TrustedLicenseKeys LicenseKeys(string name, string text)
    {
        if (TrustedLicenseKeys.Parse(text).Is(out var keys, out var error))
        {
            return keys;
        }

        return Fail<TrustedLicenseKeys>(name, error.Detail ?? error.Message, null!);
    }

    public int Integer(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Fail(name, $"expected a whole number, got \"{text}\"", 0);

    public int Count(string name, string text, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum
            ? number
            : Fail(name, $"expected a whole number from 0 to {maximum.ToString(CultureInfo.InvariantCulture)}, got \"{text}\"", 0);

    public Schedule DailySchedule(string name, string text) =>
        Schedule.TryParseDaily(text, out var schedule, out _)
            ? schedule
            : Fail(name, $"expected times of the day such as CRON_TZ=Europe/Berlin 0 2 * * *, got \"{text}\"", Deadline.DefaultQuietHours);

    public static IReadOnlyList<string> List(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<IPNetwork> Networks(string name, string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var entry in List(text))
        {
            if (ReadNetwork(entry) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                Fail(name, $"expected networks such as 10.0.0.0/8 or fd00::/8, got \"{entry}\"", 0);
            }
        }

        return networks;
    }

    public string? TransportSecurity(string name, string seconds, string options)
    {
        var age = Integer(name, seconds);
        var directives = List(options).Select(option => option.ToLowerInvariant() switch
        {
            "includesubdomains" => "; includeSubDomains",
            "preload" => "; preload",
            _ => Fail($"{name}_OPTIONS", $"expected includeSubDomains or preload, got \"{option}\"", ""),
        }).ToList();
        return age > 0 ? $"max-age={age.ToString(CultureInfo.InvariantCulture)}{string.Concat(directives)}" : null;
    }

    public static T? Optional<T>(string name, string text, Func<string, string, T?> read)
        where T : class => text.Length == 0 ? null : read(name, text);

    // A single address is a network too, and bits that the prefix cuts off are no reason to refuse one.
    private static IPNetwork? ReadNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        var length = bytes.Length * 8;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bytes.Length * 8))
        {
            return null;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xff00 >> Math.Clamp(length - (i * 8), 0, 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    // People put passwords before an @ and tokens into queries.
    private static string WithoutSecret(string url) => url.AsSpan().ContainsAny('@', '?') ? "" : $", got \"{url}\"";

    private T Fail<T>(string name, string expectation, T placeholder)
    {
        _errors.Add(new FieldError(CoderOptions.Prefix + name, expectation));
        return placeholder;
    }
}
