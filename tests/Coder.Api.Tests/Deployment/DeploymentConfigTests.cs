using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;
using Coder.Testing;
using Microsoft.Extensions.Configuration;

namespace Coder.Api.Tests.Deployment;

public sealed class DeploymentConfigTests(DeploymentConfigTests.Configured configured) : IClassFixture<DeploymentConfigTests.Configured>
{
    private const string Path = "/api/v2/deployment/config";
    private const string Secret = "hunter2-do-not-show";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => configured.Server;

    [Theory]
    [InlineData("Access URL")]
    [InlineData("Wildcard Access URL")]
    [InlineData("Experiments")]
    [InlineData("SSH Keygen Algorithm")]
    [InlineData("Secure Auth Cookie")]
    [InlineData("Disable Owner Workspace Access")]
    [InlineData("OIDC Client ID")]
    [InlineData("OAuth2 GitHub Client ID")]
    public async Task Options_that_pages_insist_on_are_there(string name)
    {
        var option = await OptionAsync(name);

        option.Select(p => p.Key).Should().Contain(
            ["name", "description", "flag", "env", "yaml", "default", "value", "hidden", "annotations", "required", "use_instead", "value_source"]);
        option["description"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Every_declared_option_is_there_once()
    {
        var declared = typeof(CoderOptions).GetProperties()
            .Select(p => "CODER_" + p.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name);

        var options = await OptionsAsync();

        var shown = options.Select(o => o["env"]!.GetValue<string>()).Where(env => env.Length > 0);
        shown.Should().BeEquivalentTo(declared);
        options.Select(o => o["name"]!.GetValue<string>()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task An_option_says_where_it_is_set_and_what_it_is()
    {
        var address = await OptionAsync("Access URL");
        var duration = await OptionAsync("Session Duration");
        var cookie = await OptionAsync("Secure Auth Cookie");
        var json = await OptionAsync("Logging JSON");
        var ssh = await OptionAsync("SSH Config Options");

        address["env"]!.GetValue<string>().Should().Be("CODER_ACCESS_URL");
        address["flag"]!.GetValue<string>().Should().Be("access-url");
        address["yaml"]!.GetValue<string>().Should().Be("access_url");
        address["value"]!.GetValue<string>().Should().Be("https://coder.example.com");
        address["group"]!["name"]!.GetValue<string>().Should().Be("Networking");
        duration["default"]!.GetValue<string>().Should().Be("24h");
        duration["value"]!.GetValue<long>().Should().Be(TimeSpan.FromHours(24).Ticks * 100);
        duration["annotations"]!["format_duration"]!.GetValue<string>().Should().Be("true");
        duration["value_source"]!.GetValue<string>().Should().Be("default");
        cookie["value"]!.GetValue<bool>().Should().BeTrue("it follows from the scheme of the access URL");
        json["group"]!["parent"]!["name"]!.GetValue<string>().Should().Be("Introspection");
        ssh["value"]!.ToJsonString().Should().Be("""["User=me","Port 22"]""");
    }

    [Fact]
    public async Task Secrets_are_never_shown()
    {
        var text = await configured.Owner.GetStringAsync(Path, Ct);
        var scim = await OptionAsync("SCIM Auth Header");

        text.Should().NotContain(Secret).And.NotContain("postgres://").And.NotContain("Password=");
        scim["value"]!.GetValue<string>().Should().BeEmpty();
        scim["annotations"]!["secret"]!.GetValue<string>().Should().Be("true");
    }

    [Fact]
    public void Every_option_whose_name_speaks_of_a_secret_is_marked_as_one()
    {
        string[] words = ["SECRET", "PASSWORD", "TOKEN_ENCRYPTION", "AUTH_HEADER", "PG_CONNECTION", "PRIVATE"];

        var unmarked = OptionFacts.All.Where(o => !o.IsSecret && words.Any(w => o.Key.Contains(w, StringComparison.Ordinal)));

        unmarked.Select(o => o.Key).Should().OnlyContain(key => key.StartsWith("DISABLE_PASSWORD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_tree_has_the_values_where_clients_look_for_them()
    {
        var config = (await configured.Owner.GetFromJsonAsync<JsonObject>(Path, Ct))!["config"]!.AsObject();

        config["access_url"]!.ToJsonString().Should().Be("""{"scheme":"https","host":"coder.example.com","path":""}""");
        config["wildcard_access_url"]!.GetValue<string>().Should().Be("*.example.com");
        config["session_lifetime"]!["default_duration"]!.GetValue<long>().Should().Be(86_400_000_000_000);
        config["http_cookies"]!["same_site"]!.GetValue<string>().Should().Be("lax");
        config["prometheus"]!["address"]!.ToJsonString().Should().Be("""{"host":"127.0.0.1","port":"2112"}""");
        config["disable_owner_workspace_exec"]!.GetValue<bool>().Should().BeFalse();
        config["config_ssh"]!["sshconfigOptions"]!.AsArray().Should().HaveCount(2);
        config.Should().NotContainKey("scim_api_key").And.NotContainKey("pg_connection_url");
    }

    [Theory]
    [InlineData("auditor", HttpStatusCode.OK)]
    [InlineData("template-admin", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task Owners_and_auditors_see_settings(string role, HttpStatusCode status)
    {
        using var user = await Server.AddUserAsync(roles: role.Length == 0 ? [] : [role], Ct);

        (await user.Client.GetAsync(Path, Ct)).StatusCode.Should().Be(status);
    }

    [Fact]
    public void A_value_comes_from_the_strongest_source()
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "docs_url: https://docs.example.com\nverbose: \"true\"\n");
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CODER_VERBOSE"] = "false", ["CODER_LOGGING_JSON"] = "true" };

            var (options, _) = SettingsSources.Read(["--config-path", file, "--logging-json"], environment);

            options.Sources.Should().BeEquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["DOCS_URL"] = "yaml",
                ["VERBOSE"] = "env",
                ["LOGGING_JSON"] = "flag",
                ["CONFIG_PATH"] = "flag",
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("coder.example.com", "", "", "", "CODER_WILDCARD_ACCESS_URL")]
    [InlineData("", "a b", "", "", "CODER_SSH_HOSTNAME_PREFIX")]
    [InlineData("", "", ".coder", "", "CODER_WORKSPACE_HOSTNAME_SUFFIX")]
    [InlineData("", "", "", "User=me,=x", "CODER_SSH_CONFIG_OPTIONS")]
    public void Bad_values_are_named(string wildcard, string prefix, string suffix, string ssh, string variable)
    {
        var options = new CoderOptions
        {
            WildcardAccessUrl = wildcard,
            SshHostnamePrefix = prefix,
            WorkspaceHostnameSuffix = suffix,
            SshConfigOptions = ssh,
        };

        var error = CoderSettings.From(options).Error;

        error!.Validations.Should().ContainSingle().Which.Field.Should().Be(variable);
    }

    [Fact]
    public async Task Clients_are_told_how_to_write_their_ssh_configuration()
    {
        using var user = await Server.AddUserAsync(Ct);

        var body = await user.Client.GetStringAsync("/api/v2/deployment/ssh", Ct);

        body.Should().Be("""{"hostname_prefix":"work.","hostname_suffix":"coder","ssh_config_options":{"User":"me","Port":"22"}}""");
        (await Server.Anonymous.GetAsync("/api/v2/deployment/ssh", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_is_asked_for_a_newer_version()
    {
        var response = await Server.Anonymous.GetAsync("/api/v2/updatecheck", Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$"""{"current":true,"version":"{{response.Header("X-Coder-Build-Version")}}","url":""}""");
    }

    private async Task<IReadOnlyList<JsonObject>> OptionsAsync() =>
        [.. (await configured.Owner.GetFromJsonAsync<JsonObject>(Path, Ct))!["options"]!.AsArray().Select(o => o!.AsObject())];

    private async Task<JsonObject> OptionAsync(string name) => (await OptionsAsync()).Single(o => o["name"]!.GetValue<string>() == name);

    public sealed class Configured : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public HttpClient Owner { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(
                options =>
                {
                    options.AccessUrl = "https://coder.example.com/";
                    options.WildcardAccessUrl = "*.example.com";
                    options.ScimAuthHeader = Secret;
                    options.ExternalTokenEncryptionKeys = Secret;
                    options.SshHostnamePrefix = "work.";
                    options.SshConfigOptions = "User=me, Port 22";
                },
                Ct);
            Owner = await Server.CreateOwnerAsync(Ct);
        }

        public async ValueTask DisposeAsync()
        {
            Owner.Dispose();
            await Server.DisposeAsync();
        }
    }
}
