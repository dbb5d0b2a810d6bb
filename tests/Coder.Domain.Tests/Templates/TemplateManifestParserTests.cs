using System.Text;
using System.Text.Json;
using Coder.Domain.Prebuilds;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Templates;

public sealed class TemplateManifestParserTests
{
    private const string Complete = """
        {
          // A comment, and commas where none are needed.
          "version": 1,
          "variables": [
            { "name": "image", "description": "What to run", "type": "string", "default_value": "debian", "sensitive": true },
            { "name": "zone", "required": true, },
          ],
          "parameters": [
            { "name": "region", "display_name": "Region", "description": "Where", "icon": "/r.svg", "default_value": "eu", "mutable": false,
              "options": [ { "name": "EU", "value": "eu", "description": "Europe", "icon": "/eu.svg" }, { "name": "US", "value": "us" } ] },
            { "name": "cpus", "type": "number", "form_type": "slider", "default_value": "2", "validation_min": 1, "validation_max": 8,
              "validation_monotonic": "increasing", "validation_error": "from {min} to {max}" },
            { "name": "tools", "type": "list(string)", "default_value": "[\"go\"]",
              "options": [ { "name": "Go", "value": "go" }, { "name": "Rust", "value": "rust" } ] },
            { "name": "reset", "type": "bool", "default_value": "false", "ephemeral": true },
            { "name": "project", "validation_regex": "^[a-z]+$" },
          ],
          "presets": [
            { "name": "ready", "description": "Fast", "icon": "/p.svg", "default": true, "parameters": { "region": "us", "project": "web" },
              "prebuilds": { "instances": 1, "expiration_policy": { "ttl": 86400 },
                "scheduling": { "timezone": "UTC", "schedule": [ { "cron": "* 9-18 * * 1-5", "instances": 3 } ] } } },
            { "name": "plain" },
          ],
          "resources": [
            { "type": "container", "name": "dev", "icon": "/c.svg", "daily_cost": 3,
              "metadata": [ { "key": "owner", "value": "${owner.name} <${owner.email}>" }, { "key": "secret", "value": "x", "sensitive": true } ],
              "agents": [ { "name": "main", "operating_system": "linux", "architecture": "arm64", "directory": "/home/${owner.name}",
                "env": { "REGION": "${parameter.region}", "IMAGE": "${variable.image}", "TEXT": "$${literal} $5" },
                "display_apps": [ "web_terminal" ], "connection_timeout_seconds": 60, "troubleshooting_url": "https://help", "motd_file": "/etc/motd",
                "order": 2, "simulate_ready": true,
                "scripts": [ { "display_name": "Setup", "script": "echo ${workspace.transition}", "cron": "0 0 9 * * 1", "run_on_start": true,
                  "run_on_stop": true, "start_blocks_login": true, "timeout_seconds": 30, "icon": "/s.svg", "log_path": "/tmp/s" } ],
                "apps": [
                  { "slug": "code", "display_name": "Code", "icon": "/code.svg", "url": "http://localhost:13337", "subdomain": true, "share": "public",
                    "healthcheck": { "url": "http://localhost:13337/healthz", "interval": 5, "threshold": 6 }, "order": 1, "group": "IDEs",
                    "hidden": true, "open_in": "tab" },
                  { "slug": "top", "command": "top" },
                  { "slug": "docs", "url": "https://docs.example/${workspace.name}", "external": true } ] } ] },
            { "type": "volume", "name": "home-${workspace.id}", "present": "always", "hide": true },
          ],
          "ai_task": { "sidebar_app": "main/code" },
          "provision": {
            "delay_ms": { "start": 1500 },
            "logs": [ { "phase": "start", "stage": "Creating", "output": "hello" }, { "phase": "stop", "level": "warn", "output": "bye" } ],
            "fail": { "delete": "no" } },
        }
        """;

    private static readonly PlaceholderValues Values = new()
    {
        WorkspaceId = new Guid("11111111-1111-4111-8111-111111111111"),
        WorkspaceName = "dev-box",
        Transition = WorkspaceTransition.Start,
        OwnerId = new Guid("22222222-2222-4222-8222-222222222222"),
        OwnerName = "alice",
        OwnerEmail = "alice@example.com",
        PrebuildStage = PrebuildStage.Claim,
        Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "us" },
        Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["image"] = "${owner.name}" },
    };

    [Fact]
    public void Variables_and_parameters_are_read()
    {
        var manifest = Parse(Complete);

        manifest.Variables.Should().BeEquivalentTo(
            [
                new TemplateVariable { Name = "image", Description = "What to run", DefaultValue = "debian", Sensitive = true },
                new TemplateVariable { Name = "zone", Required = true },
            ],
            options => options.WithStrictOrdering());
        manifest.Parameters.Should().BeEquivalentTo(
            [
                new TemplateParameter
                {
                    Name = "region",
                    DisplayName = "Region",
                    Description = "Where",
                    Icon = "/r.svg",
                    DefaultValue = "eu",
                    Mutable = false,
                    FormType = ParameterFormType.Radio,
                    Options = [new("EU", "Europe", "eu", "/eu.svg"), new("US", "", "us", "")],
                },
                new TemplateParameter
                {
                    Name = "cpus",
                    Type = ParameterType.Number,
                    FormType = ParameterFormType.Slider,
                    DefaultValue = "2",
                    ValidationMin = 1,
                    ValidationMax = 8,
                    ValidationMonotonic = MonotonicOrder.Increasing,
                    ValidationError = "from {min} to {max}",
                },
                new TemplateParameter
                {
                    Name = "tools",
                    Type = ParameterType.ListOfText,
                    FormType = ParameterFormType.MultiSelect,
                    DefaultValue = "[\"go\"]",
                    Options = [new("Go", "", "go", ""), new("Rust", "", "rust", "")],
                },
                new TemplateParameter
                {
                    Name = "reset",
                    Type = ParameterType.Bool,
                    FormType = ParameterFormType.Checkbox,
                    DefaultValue = "false",
                    Ephemeral = true,
                },
                new TemplateParameter { Name = "project", ValidationRegex = "^[a-z]+$" },
            ],
            options => options.WithStrictOrdering());
        manifest.Parameters.Select(p => p.Required).Should().Equal(false, false, false, false, true);
    }

    [Fact]
    public void Presets_are_read() => Parse(Complete).Presets.Should().BeEquivalentTo(
        [
            new TemplatePreset
            {
                Name = "ready",
                Description = "Fast",
                Icon = "/p.svg",
                IsDefault = true,
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "us", ["project"] = "web" },
                Prebuilds = new PresetPrebuilds
                {
                    Instances = 1,
                    Ttl = TimeSpan.FromDays(1),
                    Timezone = "UTC",
                    Schedules = [new PrebuildSchedule("* 9-18 * * 1-5", 3)],
                },
            },
            new TemplatePreset { Name = "plain" },
        ],
        options => options.WithStrictOrdering());

    [Fact]
    public void Resources_are_read_with_their_placeholders()
    {
        var resources = Parse(Complete).Resources;

        resources.Should().BeEquivalentTo(
            Resources(
                owner: "${owner.name} <${owner.email}>",
                directory: "/home/${owner.name}",
                region: "${parameter.region}",
                image: "${variable.image}",
                text: "$${literal} $5",
                script: "echo ${workspace.transition}",
                docs: "https://docs.example/${workspace.name}",
                volume: "home-${workspace.id}"),
            options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_build_reads_the_values_of_the_placeholders_once()
    {
        TemplateManifestParser.TryExpand(Encoding.UTF8.GetBytes(Complete), Values, out var manifest, out _).Should().BeTrue();

        manifest!.Resources.Should().BeEquivalentTo(
            Resources(
                owner: "alice <alice@example.com>",
                directory: "/home/alice",
                region: "us",
                image: "${owner.name}",
                text: "${literal} $5",
                script: "echo start",
                docs: "https://docs.example/dev-box",
                volume: "home-11111111-1111-4111-8111-111111111111"),
            options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData("\"type\":\"t\",\"name\":\"${parameter.long}\"", "$.resources[0].name: must have at most 64 characters")]
    [InlineData("\"type\":\"t\",\"name\":\"${parameter.empty}\"", "$.resources[0].name: must not be empty")]
    [InlineData("\"type\":\"t\",\"name\":\"a\"},{\"type\":\"t\",\"name\":\"${parameter.a}\"", "$.resources[1].name: must be unique for this type")]
    public void In_a_build_the_limits_are_those_of_the_values(string resources, string expected)
    {
        var json = $$"""
            {"version":1,"parameters":[{"name":"long"},{"name":"empty"},{"name":"a"}],"resources":[{ {{resources}} }]}
            """;
        var values = Values with
        {
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["long"] = new('x', 65), ["empty"] = "", ["a"] = "a" },
        };

        Parse(json).Should().NotBeNull();
        TemplateManifestParser.TryExpand(Encoding.UTF8.GetBytes(json), values, out _, out var problems).Should().BeFalse();

        problems[0].ToString().Should().Be(expected);
    }

    [Theory]
    [InlineData(64, 48, null)]
    [InlineData(64, 49, "log_path")]
    [InlineData(65, 0, "script")]
    [InlineData(70_000, 0, "script")]
    public void In_a_build_all_texts_together_have_a_limit(int times, int rest, string? wrong)
    {
        var json = $$"""
            {"version":1,"parameters":[{"name":"a"}],"resources":[{"type":"t","name":"r","agents":[
              {"name":"main","operating_system":"linux","architecture":"amd64","scripts":[{"run_on_start":true,
               "script":"{{string.Concat(Enumerable.Repeat("${parameter.a}", times))}}","log_path":"{{new string('x', rest)}}"}]}]}]}
            """;

        // The texts before have 16 characters, so that 64 values leave 48.
        var value = new string('x', (Placeholders.MaximumTotal / 64) - 1);
        var values = Values with { Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = value } };

        Parse(json).Should().NotBeNull();
        var isRead = TemplateManifestParser.TryExpand(Encoding.UTF8.GetBytes(json), values, out _, out var problems);

        isRead.Should().Be(wrong is null);
        problems.Select(problem => problem.ToString()).Should().Equal(wrong is null
            ? []
            :
            [
                $"$.resources[0].agents[0].scripts[0].{wrong}: "
                    + "brings the texts of all resources, with the values in them, to more than 4194304 characters",
            ]);
    }

    [Fact]
    public void The_rest_is_read()
    {
        var manifest = Parse(Complete);

        manifest.AiTask.Should().Be(new AppReference("main", "code"));
        manifest.AiTask!.ToString().Should().Be("main/code");
        manifest.Provision.Delays[ProvisionPhase.Start].Should().Be(TimeSpan.FromMilliseconds(1500));
        manifest.Provision.Delays[ProvisionPhase.Import].Should().Be(TimeSpan.Zero);
        manifest.Provision.Logs.Should().Equal(
            new ProvisionLog(ProvisionPhase.Start, LogLevel.Info, "Creating", "hello"),
            new ProvisionLog(ProvisionPhase.Stop, LogLevel.Warn, "", "bye"));
        manifest.Provision.Failures.Should().Equal(new Dictionary<ProvisionPhase, string> { [ProvisionPhase.Delete] = "no" });
        manifest.HasExternalAgent.Should().BeFalse();
    }

    [Fact]
    public void What_is_absent_or_null_has_its_default()
    {
        var manifest = Parse("""
            {"version":1,"variables":null,"ai_task":null,"provision":null,"resources":[{"type":"t","name":"n","icon":null,"agents":[
              {"name":"main","operating_system":"windows","architecture":"armv7"}]}]}
            """);

        manifest.Should().BeEquivalentTo(new TemplateManifest
        {
            Resources =
            [
                new ManifestResource
                {
                    Type = "t",
                    Name = "n",
                    Agents =
                    [
                        new ManifestAgent
                        {
                            Name = "main",
                            OperatingSystem = AgentOperatingSystem.Windows,
                            Architecture = AgentArchitecture.Armv7,
                            DisplayApps = [DisplayApp.Vscode, DisplayApp.WebTerminal, DisplayApp.PortForwardingHelper, DisplayApp.SshHelper],
                            ConnectionTimeout = TimeSpan.FromSeconds(120),
                        },
                    ],
                },
            ],
        });
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => Parse("\uFEFF{\"version\":1}").Should().NotBeNull();

    [Fact]
    public void A_stop_leaves_what_is_always_there_and_a_deletion_nothing()
    {
        var manifest = Parse(Complete);

        manifest.ResourcesAfter(WorkspaceTransition.Start).Select(r => r.Type).Should().Equal("container", "volume");
        manifest.ResourcesAfter(WorkspaceTransition.Stop).Select(r => r.Type).Should().Equal("volume");
        manifest.ResourcesAfter(WorkspaceTransition.Delete).Should().BeEmpty();
    }

    [Fact]
    public void A_resource_of_a_certain_type_holds_external_agents() =>
        Parse("{\"version\":1,\"resources\":[{\"type\":\"coder_external_agent\",\"name\":\"x\"}]}").HasExternalAgent.Should().BeTrue();

    [Fact]
    public void The_example_of_the_specification_is_valid()
    {
        var manifest = Parse("""
            { "version": 1,
              "parameters": [ { "name": "region", "default_value": "eu", "options": [ {"name":"EU","value":"eu"}, {"name":"US","value":"us"} ] } ],
              "presets": [ { "name": "eu-ready", "default": true, "parameters": {"region":"eu"}, "prebuilds": {"instances": 1} } ],
              "resources": [ { "type": "container", "name": "dev", "agents": [ { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true,
                  "apps": [ {"slug":"code","display_name":"Code","url":"http://localhost:13337","subdomain":false,"share":"owner"} ] } ] } ] }
            """);

        manifest.Presets[0].Prebuilds!.Instances.Should().Be(1);
        manifest.Resources[0].Agents[0].SimulateReady.Should().BeTrue();
    }

    [Fact]
    public void Resources_of_a_daemon_have_no_placeholders_and_may_have_equal_names()
    {
        var json = JsonElement.Parse("""[{"type":"t","name":"${x}"},{"type":"t","name":"${x}"}]""");

        TemplateManifestParser.TryReadResources(json, "$.resources", out var resources, out var problems).Should().BeTrue();

        problems.Should().BeEmpty();
        resources!.Select(r => r.Name).Should().Equal("${x}", "${x}");
    }

    [Fact]
    public void An_agent_that_a_daemon_made_may_have_its_token_already_and_one_of_a_manifest_may_not()
    {
        const string Agents = """
            [{"type":"t","name":"n","agents":[
              {"name":"a","operating_system":"linux","architecture":"amd64","auth_token":"0b3a4f0e-0000-4000-8000-0000000000a2"},
              {"name":"b","operating_system":"linux","architecture":"amd64"}]}]
            """;

        TemplateManifestParser.TryReadResources(JsonElement.Parse(Agents), "$.resources", out var resources, out _).Should().BeTrue();
        TemplateManifestParser.TryParse(
            Encoding.UTF8.GetBytes("{\"version\":1,\"resources\":" + Agents + "}"), out _, out var problems).Should().BeFalse();

        resources![0].Agents.Select(a => a.AuthToken).Should().Equal(new Guid("0b3a4f0e-0000-4000-8000-0000000000a2"), null);
        problems.Select(p => p.ToString()).Should().Equal("$.resources[0].agents[0].auth_token: is not a known key");
    }

    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("\"00000000-0000-0000-0000-000000000000\"")]
    [InlineData("\"{0b3a4f0e-0000-4000-8000-0000000000a2}\"")]
    public void A_token_of_an_agent_is_an_id(string token)
    {
        var json = JsonElement.Parse(
            "[{\"type\":\"t\",\"name\":\"n\",\"agents\":[{\"name\":\"a\",\"operating_system\":\"linux\",\"architecture\":\"amd64\",\"auth_token\":" + token + "}]}]");

        TemplateManifestParser.TryReadResources(json, "$.resources", out _, out var problems).Should().BeFalse();

        problems.Should().Equal(new ManifestProblem("$.resources[0].agents[0].auth_token", "must be a UUID"));
    }

    [Theory]
    [InlineData("{}", "$.start_resources: must be an array")]
    [InlineData("[{\"type\":\"t\"}]", "$.start_resources[0].name: is required")]
    [InlineData("[{\"type\":\"t\",\"name\":\"n\",\"id\":1}]", "$.start_resources[0].id: is not a known key")]
    public void Resources_of_a_daemon_are_judged_like_those_of_a_manifest(string json, string expected)
    {
        TemplateManifestParser.TryReadResources(JsonElement.Parse(json), "$.start_resources", out var resources, out var problems)
            .Should().BeFalse();

        resources.Should().BeNull();
        problems.Select(p => p.ToString()).Should().Equal(expected);
    }

    [Fact]
    public void What_a_daemon_found_at_an_import_is_read()
    {
        var json = JsonElement.Parse("""{"parameters":[{"name":"a","default_value":"1"}],"presets":[{"name":"p","parameters":{"a":"2"}}]}""");
        var wrong = JsonElement.Parse("""{"presets":[{"name":"p","parameters":{"a":"2"}}]}""");

        TemplateManifestParser.TryReadInputs(json, "$", out var inputs, out _).Should().BeTrue();
        TemplateManifestParser.TryReadInputs(wrong, "$", out _, out var problems).Should().BeFalse();

        inputs!.Parameters.Should().ContainSingle().Which.DefaultValue.Should().Be("1");
        inputs.Presets.Should().ContainSingle().Which.Parameters.Should().ContainKey("a");
        problems.Should().Equal(new ManifestProblem("$.presets[0].parameters.a", "is not a parameter of the template"));
    }

    private static ManifestResource[] Resources(
        string owner, string directory, string region, string image, string text, string script, string docs, string volume) =>
    [
        new ManifestResource
        {
            Type = "container",
            Name = "dev",
            Icon = "/c.svg",
            DailyCost = 3,
            Metadata = [new("owner", owner, false), new("secret", "x", true)],
            Agents =
            [
                new ManifestAgent
                {
                    Name = "main",
                    OperatingSystem = AgentOperatingSystem.Linux,
                    Architecture = AgentArchitecture.Arm64,
                    Directory = directory,
                    Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["REGION"] = region,
                        ["IMAGE"] = image,
                        ["TEXT"] = text,
                    },
                    DisplayApps = [DisplayApp.WebTerminal],
                    ConnectionTimeout = TimeSpan.FromMinutes(1),
                    TroubleshootingUrl = "https://help",
                    MotdFile = "/etc/motd",
                    Order = 2,
                    SimulateReady = true,
                    Scripts =
                    [
                        new AgentScript
                        {
                            DisplayName = "Setup",
                            Script = script,
                            Cron = "0 0 9 * * 1",
                            RunOnStart = true,
                            RunOnStop = true,
                            StartBlocksLogin = true,
                            Timeout = TimeSpan.FromSeconds(30),
                            Icon = "/s.svg",
                            LogPath = "/tmp/s",
                        },
                    ],
                    Apps =
                    [
                        new AgentApp
                        {
                            Slug = "code",
                            DisplayName = "Code",
                            Icon = "/code.svg",
                            Url = "http://localhost:13337",
                            Subdomain = true,
                            Share = AppSharingLevel.Public,
                            Healthcheck = new AppHealthcheck("http://localhost:13337/healthz", TimeSpan.FromSeconds(5), 6),
                            Order = 1,
                            Group = "IDEs",
                            Hidden = true,
                            OpenIn = AppOpenIn.Tab,
                        },
                        new AgentApp { Slug = "top", Command = "top" },
                        new AgentApp { Slug = "docs", Url = docs, External = true },
                    ],
                },
            ],
        },
        new ManifestResource { Type = "volume", Name = volume, Presence = ResourcePresence.Always, Hide = true },
    ];

    private static TemplateManifest Parse(string json)
    {
        TemplateManifestParser.TryParse(Encoding.UTF8.GetBytes(json), out var manifest, out var problems)
            .Should().BeTrue(string.Join('\n', problems));
        return manifest!;
    }
}
