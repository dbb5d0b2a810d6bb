using Coder.Cli.Provisionerd;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class TerraformEnvironmentTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static readonly TerraformSettings Settings = new()
    {
        Binary = "/bin/terraform",
        Url = "https://coder.test",
        Patience = TimeSpan.FromMinutes(1),
        PluginCache = "/cache",
        Inherited = new Dictionary<string, string>
        {
            ["PATH"] = "/bin",
            ["AWS_REGION"] = "eu",
            ["TF_WORKSPACE"] = "other",
            ["CODER_PROVISIONER_DAEMON_PSK"] = "secret",
            ["CODER_SESSION_TOKEN"] = "secret",
            ["CODER_WORKSPACE_NAME"] = "not this one",
        },
    };

    private static readonly BuildJson Build = new()
    {
        WorkspaceBuildId = new("00000000-0000-4000-8000-000000000001"),
        WorkspaceId = new("00000000-0000-4000-8000-000000000002"),
        WorkspaceName = "dev",
        WorkspaceOwnerId = new("00000000-0000-4000-8000-000000000003"),
        WorkspaceOwnerName = "alice",
        WorkspaceOwnerEmail = "alice@example.com",
        TemplateId = new("00000000-0000-4000-8000-000000000004"),
        TemplateName = "box",
        TemplateVersionId = new("00000000-0000-4000-8000-000000000005"),
        RichParameterValues = [new("region", "eu")],
        RunningAgentAuthTokens = [new("main", "token"), new("gone", "other")],
    };

    [Fact]
    public void The_settings_and_secrets_of_the_daemon_stay_with_it()
    {
        var environment = TerraformEnvironment.Of(Settings, "start", null, Nothing, Nothing);

        environment.Should().Contain("PATH", "/bin").And.Contain("AWS_REGION", "eu").And.NotContainKey("TF_WORKSPACE");
        environment.Values.Should().NotContain("secret").And.NotContain("not this one");
        environment.Keys.Where(name => name.StartsWith("CODER_", StringComparison.Ordinal))
            .Should().BeEquivalentTo("CODER_AGENT_URL", "CODER_WORKSPACE_TRANSITION");
    }

    [Fact]
    public void Terraform_asks_nobody_and_calls_nobody_and_keeps_its_plugins()
    {
        var environment = TerraformEnvironment.Of(Settings, "start", null, Nothing, Nothing);

        environment.Should().Contain("TF_INPUT", "0").And.Contain("TF_IN_AUTOMATION", "1")
            .And.Contain("CHECKPOINT_DISABLE", "1").And.Contain("TF_PLUGIN_CACHE_DIR", "/cache");
    }

    [Theory]
    [InlineData("CODER_AGENT_URL", "https://coder.test")]
    [InlineData("CODER_WORKSPACE_TRANSITION", "stop")]
    [InlineData("CODER_WORKSPACE_BUILD_ID", "00000000-0000-4000-8000-000000000001")]
    [InlineData("CODER_WORKSPACE_ID", "00000000-0000-4000-8000-000000000002")]
    [InlineData("CODER_WORKSPACE_NAME", "dev")]
    [InlineData("CODER_WORKSPACE_OWNER", "alice")]
    [InlineData("CODER_WORKSPACE_OWNER_ID", "00000000-0000-4000-8000-000000000003")]
    [InlineData("CODER_WORKSPACE_OWNER_EMAIL", "alice@example.com")]
    [InlineData("CODER_WORKSPACE_TEMPLATE_ID", "00000000-0000-4000-8000-000000000004")]
    [InlineData("CODER_WORKSPACE_TEMPLATE_NAME", "box")]
    [InlineData("CODER_WORKSPACE_TEMPLATE_VERSION", "00000000-0000-4000-8000-000000000005")]
    [InlineData("TF_VAR_token", "t0p")]
    [InlineData("CODER_RUNNING_WORKSPACE_AGENT_TOKEN_a1", "token")]
    public void A_build_is_in_the_variables_that_the_provider_reads(string name, string value)
    {
        var environment = TerraformEnvironment.Of(
            Settings,
            "stop",
            Build,
            new Dictionary<string, string> { ["token"] = "t0p" },
            new Dictionary<string, string> { ["main"] = "a1" });

        environment.Should().Contain(name, value);
        environment.Values.Should().NotContain("other");
    }

    [Fact]
    public void A_parameter_is_found_by_the_hash_of_its_name()
    {
        var environment = TerraformEnvironment.Of(Settings, "start", Build, Nothing, Nothing);

        // printf region | sha256sum
        TerraformEnvironment.ParameterVariable("region").Should().Be("CODER_PARAMETER_c697d2981bf416569a16cfbcdec1542b5398f3cc77d2b905819aa99c46ecf6f6");
        environment.Should().Contain(TerraformEnvironment.ParameterVariable("region"), "eu");
    }

    [Theory]
    [InlineData("create", "CODER_WORKSPACE_IS_PREBUILD")]
    [InlineData("claim", "CODER_WORKSPACE_IS_PREBUILD_CLAIM")]
    [InlineData("none", null)]
    public void The_stage_of_a_prebuilt_workspace_is_passed_on(string stage, string? variable)
    {
        var environment = TerraformEnvironment.Of(
            Settings, "start", Build with { PrebuiltWorkspaceBuildStage = stage }, Nothing, Nothing);

        environment.Keys.Where(name => name.Contains("PREBUILD", StringComparison.Ordinal)).Should().Equal(variable is null ? [] : [variable]);
    }
}
