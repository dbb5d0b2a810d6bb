using System.Collections;
using Coder.Api.Configuration;

namespace Coder.Api.Tests.Configuration;

public sealed class ProtectionSettingsTests
{
    [Fact]
    public void The_built_in_values_protect()
    {
        var settings = Read(_ => { });

        settings.ApiRateLimit.Should().Be(512);
        settings.DisableRateLimits.Should().BeFalse();
        settings.AllowCors.Should().BeFalse();
        settings.StrictTransportSecurity.Should().BeNull();
        settings.DisablePathApps.Should().BeFalse();
        settings.AllowPathAppSharing.Should().BeFalse();
        settings.AllowPathAppSiteOwnerAccess.Should().BeFalse();
        settings.Experiments.Enabled.Should().BeEmpty();
        settings.HostEnvironment.Should().Be("Production");
        settings.TrustedProxies.Headers.Should().Equal("X-Forwarded-For");
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    public void A_limit_of_0_or_less_is_none(string text, int? limit) => Read(o => o.ApiRateLimit = text).ApiRateLimit.Should().Be(limit);

    [Theory]
    [InlineData("31536000", "", "max-age=31536000")]
    [InlineData("60", "includeSubDomains", "max-age=60; includeSubDomains")]
    [InlineData("60", "INCLUDESUBDOMAINS, preload", "max-age=60; includeSubDomains; preload")]
    [InlineData("0", "preload", null)]
    public void Transport_security_is_one_header(string seconds, string options, string? header) =>
        Read(o => (o.StrictTransportSecurity, o.StrictTransportSecurityOptions) = (seconds, options))
            .StrictTransportSecurity.Should().Be(header);

    [Fact]
    public void Bad_values_are_all_named()
    {
        var error = CoderSettings.From(new CoderOptions
        {
            ApiRateLimit = "many",
            StrictTransportSecurity = "1y",
            StrictTransportSecurityOptions = "forever",
            DangerousDisableRateLimits = "maybe",
        }).Error;

        error!.Validations!.Select(v => v.Field).Should().BeEquivalentTo(
            "CODER_API_RATE_LIMIT",
            "CODER_STRICT_TRANSPORT_SECURITY",
            "CODER_STRICT_TRANSPORT_SECURITY_OPTIONS",
            "CODER_DANGEROUS_DISABLE_RATE_LIMITS");
    }

    [Theory]
    [InlineData("Development", "", "", "Development")]
    [InlineData("", "Development", "", "Development")]
    [InlineData("Staging", "Development", "", "Staging")]
    [InlineData("Staging", "Development", "Production", "Production")]
    [InlineData("", "", "", "Production")]
    public void The_host_environment_is_read_where_hosts_of_this_platform_read_it(string aspNet, string dotNet, string own, string expected)
    {
        var environment = new Hashtable();
        Add("ASPNETCORE_ENVIRONMENT", aspNet);
        Add("DOTNET_ENVIRONMENT", dotNet);
        Add("CODER_ENVIRONMENT", own);

        var (options, warnings) = SettingsSources.Read([], environment);

        CoderSettings.From(options).Match(s => s.HostEnvironment, e => e.Message).Should().Be(expected);
        warnings.Should().BeEmpty();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                environment[name] = value;
            }
        }
    }

    private static CoderSettings Read(Action<CoderOptions> configure)
    {
        var options = new CoderOptions();
        configure(options);
        return CoderSettings.From(options).Match(s => s, e => throw new ArgumentException(e.Message, nameof(configure)));
    }
}
