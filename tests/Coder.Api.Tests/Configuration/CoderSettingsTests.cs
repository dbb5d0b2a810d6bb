using System.Net;
using Coder.Api.Configuration;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Http;

namespace Coder.Api.Tests.Configuration;

public sealed class CoderSettingsTests
{
    [Fact]
    public void The_built_in_values_are_those_of_the_documentation()
    {
        var settings = Read(_ => { });

        settings.HttpAddress.Should().Be(new IPEndPoint(IPAddress.Loopback, 3000));
        settings.AccessUrl.Should().Be(new Uri("http://localhost:3000"));
        settings.ConfigDir.Should().EndWith("coderv2");
        settings.ConnectionString.Should().BeNull();
        settings.SessionDuration.Should().Be(TimeSpan.FromHours(24));
        settings.ShutdownTimeout.Should().Be(TimeSpan.FromSeconds(30));
        settings.PrometheusAddress.Should().BeNull();
        settings.SameSiteAuthCookie.Should().Be(SameSiteMode.Lax);
        settings.SecureAuthCookie.Should().BeFalse();
        settings.TelemetryEnable.Should().BeFalse();
    }

    [Theory]
    [InlineData("0.0.0.0:80", "http://localhost:80")]
    [InlineData("[::]:3000", "http://localhost:3000")]
    [InlineData(":3000", "http://localhost:3000")]
    [InlineData("127.0.0.1:3000", "http://localhost:3000")]
    [InlineData("192.0.2.1:3000", "http://192.0.2.1:3000")]
    [InlineData("[2001:db8::1]:3000", "http://[2001:db8::1]:3000")]
    [InlineData("localhost:4000", "http://localhost:4000")]
    public void The_access_url_is_by_default_the_listen_address(string address, string url) =>
        Read(o => o.HttpAddress = address).AccessUrl.Should().Be(new Uri(url));

    [Fact]
    public void With_port_0_the_access_url_is_known_only_when_the_server_listens() =>
        Read(o => o.HttpAddress = "127.0.0.1:0").AccessUrl.Should().BeNull();

    [Theory]
    [InlineData("https://coder.example.com", "", true)]
    [InlineData("http://coder.example.com", "", false)]
    [InlineData("https://coder.example.com", "false", false)]
    [InlineData("http://coder.example.com", "true", true)]
    public void The_cookie_is_secure_when_the_access_url_is_unless_told_otherwise(string url, string secure, bool expected) =>
        Read(o => (o.AccessUrl, o.SecureAuthCookie) = (url, secure)).SecureAuthCookie.Should().Be(expected);

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("t", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    [InlineData("f", false)]
    [InlineData("", false)]
    public void A_switch_is_written_in_many_ways(string text, bool expected) => Read(o => o.Verbose = text).Verbose.Should().Be(expected);

    [Fact]
    public void The_address_of_the_metrics_matters_only_where_they_are_served()
    {
        Read(o => o.PrometheusAddress = "nonsense").PrometheusAddress.Should().BeNull();
        Read(o => o.PrometheusEnable = "true").PrometheusAddress.Should().Be(new IPEndPoint(IPAddress.Loopback, 2112));
    }

    [Theory]
    [InlineData("HTTP_ADDRESS", "", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "3000", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "127.0.0.1", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "127.0.0.1:", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "127.0.0.1:65536", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "127.0.0.1:http", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "coder.example.com:80", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "::1", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "[::1]", "expected an IP address and a port*")]
    [InlineData("HTTP_ADDRESS", "2001:db8::1:3000", "expected an IP address and a port*")]
    [InlineData("ACCESS_URL", "coder.example.com", "expected a URL that starts with http:// or https://*")]
    [InlineData("ACCESS_URL", "ftp://coder.example.com", "expected a URL that starts with http:// or https://*")]
    [InlineData("ACCESS_URL", "https://coder.example.com/?a=b", "expected a URL that starts with http:// or https://*")]
    [InlineData("ACCESS_URL", "https://coder.example.com/#top", "expected a URL that starts with http:// or https://*")]
    [InlineData("PG_CONNECTION_URL", "nonsense", "*")]
    [InlineData("LICENSE_KEYS", "nonsense", "*")]
    [InlineData("SESSION_DURATION", "", "expected a duration such as 24h, 1h30m or 7d, got \"\"")]
    [InlineData("SESSION_DURATION", "24", "expected a duration*")]
    [InlineData("SESSION_DURATION", "0s", "expected a duration*")]
    [InlineData("SESSION_DURATION", "-1h", "expected a duration*")]
    [InlineData("SESSION_DURATION", "999999999999999999d", "expected a duration*")]
    [InlineData("DISABLE_SESSION_EXPIRY_REFRESH", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("DISABLE_PASSWORD_AUTH", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("DISABLE_OWNER_WORKSPACE_ACCESS", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("SECURE_AUTH_COOKIE", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("SAMESITE_AUTH_COOKIE", "strict", "expected lax or none, got \"strict\"")]
    [InlineData("BROWSER_ONLY", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("TELEMETRY_ENABLE", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("PROMETHEUS_ENABLE", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("LOGGING_JSON", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("VERBOSE", "maybe", "expected true or false, got \"maybe\"")]
    [InlineData("SHUTDOWN_TIMEOUT", "soon", "expected a duration*")]
    [InlineData("PROVISIONER_DAEMONS", "some", "expected a whole number from 0 to 100, got \"some\"")]
    [InlineData("PROVISIONER_DAEMONS", "-1", "expected a whole number from 0 to 100, got \"-1\"")]
    [InlineData("PROVISIONER_DAEMONS", "101", "expected a whole number from 0 to 100, got \"101\"")]
    [InlineData("QUIET_HOURS_DEFAULT_SCHEDULE", "at night", "expected times of the day*")]
    [InlineData("QUIET_HOURS_DEFAULT_SCHEDULE", "0 0 * * 1", "expected times of the day*")]
    [InlineData("OTLP_ENDPOINT", "collector:4317", "expected a URL that starts with http:// or https://*")]
    public void A_bad_value_names_its_variable_and_what_was_expected(string name, string value, string detail)
    {
        var error = Refuse(o => Set(o, name, value));

        var field = error.Validations.Should().ContainSingle().Which;
        field.Field.Should().Be($"CODER_{name}");
        field.Detail.Should().NotBeEmpty().And.Match(detail);
    }

    [Fact]
    public void All_bad_values_are_named_at_once()
    {
        var error = Refuse(o => (o.HttpAddress, o.SessionDuration, o.Verbose) = ("x", "x", "x"));

        error.Message.Should().Be("Some settings have bad values.");
        error.Validations!.Select(v => v.Field).Should().Equal("CODER_HTTP_ADDRESS", "CODER_SESSION_DURATION", "CODER_VERBOSE");
    }

    [Theory]
    [InlineData("PG_CONNECTION_URL", "postgres://coder:hunter2@db:notaport/coder")]
    [InlineData("PG_CONNECTION_URL", "postgres://coder:hunter2@db/coder?sslmode=nonsense")]
    [InlineData("PG_CONNECTION_URL", "mysql://coder:hunter2@db/coder")]
    [InlineData("ACCESS_URL", "https://admin:hunter2@coder.example.com")]
    [InlineData("OTLP_ENDPOINT", "https://user:hunter2@collector.example.com")]
    [InlineData("OTLP_ENDPOINT", "https://collector.example.com/?token=hunter2")]
    [InlineData("OTLP_ENDPOINT", "user:hunter2@collector")]
    [InlineData("LICENSE_KEYS", "kid=hunter2")]
    public void A_bad_value_that_holds_a_secret_is_not_repeated(string name, string value)
    {
        var error = Refuse(o => Set(o, name, value));

        error.Validations.Should().ContainSingle().Which.Detail.Should().NotContain("hunter2");
    }

    private static CoderSettings Read(Action<CoderOptions> configure)
    {
        var options = new CoderOptions();
        configure(options);
        return CoderSettings.From(options).Match(
            settings => settings,
            error => throw new InvalidOperationException(string.Join("; ", error.Validations!.Select(v => v.Detail))));
    }

    private static Error Refuse(Action<CoderOptions> configure)
    {
        var options = new CoderOptions();
        configure(options);
        return CoderSettings.From(options).Match(_ => throw new InvalidOperationException("The settings are good."), error => error);
    }

    private static void Set(CoderOptions options, string name, string value) => typeof(CoderOptions).GetProperties()
        .Single(p => p.Name.Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
        .SetValue(options, value);
}
