using System.Text;
using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

/// <summary>Every rule of the manifest with the path at which its breach is reported.</summary>
public sealed class ManifestProblemTests
{
    private const string Agent = """ "name":"main","operating_system":"linux","architecture":"amd64" """;

    [Theory]
    [InlineData("", "$: is not JSON at line 1, byte 1")]
    [InlineData("{\n  \"version\": 1,\n  oops\n}", "$: is not JSON at line 3, byte 3")]
    [InlineData("{\"version\":1} {}", "$: is not JSON at line 1, byte 15")]
    [InlineData("[]", "$: must be an object")]
    [InlineData("null", "$: must be an object")]
    [InlineData("{}", "$.version: is required")]
    [InlineData("{\"version\":2}", "$.version: must be 1")]
    [InlineData("{\"version\":\"1\"}", "$.version: must be a whole number of 32 bits")]
    [InlineData("{\"version\":1,\"version\":1}", "$.version: must be there only once")]
    [InlineData("{\"version\":1,\"Parameters\":[]}", "$.Parameters: is not a known key")]
    [InlineData("{\"version\":1,\"a b\":[]}", "$['a b']: is not a known key")]
    [InlineData("{\"version\":1,\"\\ud800\":[]}", "$: has a key that is not Unicode")]
    [InlineData("{\"version\":1,\"a\\u0000\":[]}", "$['a\uFFFD']: is not a known key")]
    [InlineData("{\"version\":1,\"parameters\":{}}", "$.parameters: must be an array")]
    [InlineData("{\"version\":1,\"parameters\":[1]}", "$.parameters[0]: must be an object")]
    public void The_file(string json, string expected) => First(json).Should().Be(expected);

    [Fact]
    public void A_file_of_more_than_1_MiB_is_not_read()
    {
        var fits = $"{{\"version\":1}}{new string(' ', TemplateManifest.MaximumBytes - 13)}";

        All(fits).Should().BeEmpty();
        All(fits + " ").Should().Equal("$: must have at most 1 MiB");
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused()
    {
        byte[] bytes = [.. "{\"version\":1,\"x\":\""u8, 0xFF, .. "\"}"u8];

        TemplateManifestParser.TryParse(bytes, out _, out var problems).Should().BeFalse();

        problems.Should().Equal(new ManifestProblem("$", "is not UTF-8"));
    }

    [Theory]
    [InlineData("{}", "$.variables[0].name: is required")]
    [InlineData("{\"name\":\"\"}", "$.variables[0].name: must not be empty")]
    [InlineData("{\"name\":null}", "$.variables[0].name: is required")]
    [InlineData("{\"name\":7}", "$.variables[0].name: must be a string")]
    [InlineData("{\"name\":\"a\\u0000\"}", "$.variables[0].name: must not contain a NUL character")]
    [InlineData("{\"name\":\"\\udc00\"}", "$.variables[0].name: is not Unicode")]
    [InlineData("{\"name\":\"a}\"}", "$.variables[0].name: must not contain }")]
    [InlineData("{\"name\":\"a\"},{\"name\":\"a\"}", "$.variables[1].name: must be unique")]
    [InlineData("{\"name\":\"a\",\"type\":\"list(string)\"}", "$.variables[0].type: must be one of string, number, bool")]
    [InlineData("{\"name\":\"a\",\"type\":\"number\",\"default_value\":\"x\"}", "$.variables[0].default_value: must be a number")]
    [InlineData("{\"name\":\"a\",\"type\":\"bool\",\"default_value\":\"yes\"}", "$.variables[0].default_value: must be true or false")]
    [InlineData("{\"name\":\"a\",\"required\":\"yes\"}", "$.variables[0].required: must be true or false")]
    [InlineData("{\"name\":\"a\",\"mutable\":true}", "$.variables[0].mutable: is not a known key")]
    public void Variables(string items, string expected) => First($"{{\"version\":1,\"variables\":[{items}]}}").Should().Be(expected);

    [Theory]
    [InlineData("{}", "$.parameters[0].name: is required")]
    [InlineData("{\"name\":\"p\"},{\"name\":\"p\"}", "$.parameters[1].name: must be unique")]
    [InlineData("{\"name\":\"p\",\"type\":\"text\"}", "$.parameters[0].type: must be one of string, number, bool, list(string)")]
    [InlineData("{\"name\":\"p\",\"mutable\":1}", "$.parameters[0].mutable: must be true or false")]
    [InlineData("{\"name\":\"p\",\"default_value\":1}", "$.parameters[0].default_value: must be a string")]
    [InlineData("{\"name\":\"p\",\"unknown\":1}", "$.parameters[0].unknown: is not a known key")]
    [InlineData(
        "{\"name\":\"p\",\"form_type\":\"error\"}",
        "$.parameters[0].form_type: must be one of radio, dropdown, input, textarea, slider, checkbox, switch, tag-select, multi-select")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"bool\",\"form_type\":\"slider\"}",
        "$.parameters[0].form_type: must be one of checkbox, switch for this type and options")]
    [InlineData(
        "{\"name\":\"p\",\"form_type\":\"dropdown\"}",
        "$.parameters[0].form_type: must be one of input, textarea for this type and options")]
    [InlineData(
        "{\"name\":\"p\",\"form_type\":\"input\",\"options\":[{\"name\":\"A\",\"value\":\"a\"}]}",
        "$.parameters[0].form_type: must be one of radio, dropdown for this type and options")]
    [InlineData("{\"name\":\"p\",\"options\":[]}", "$.parameters[0].options: must not be empty")]
    [InlineData("{\"name\":\"p\",\"options\":[{\"value\":\"a\"}]}", "$.parameters[0].options[0].name: is required")]
    [InlineData("{\"name\":\"p\",\"options\":[{\"name\":\"A\"}]}", "$.parameters[0].options[0].value: is required")]
    [InlineData(
        "{\"name\":\"p\",\"options\":[{\"name\":\"A\",\"value\":\"a\"},{\"name\":\"A\",\"value\":\"b\"}]}",
        "$.parameters[0].options[1].name: must be unique")]
    [InlineData(
        "{\"name\":\"p\",\"options\":[{\"name\":\"A\",\"value\":\"a\"},{\"name\":\"B\",\"value\":\"a\"}]}",
        "$.parameters[0].options[1].value: must be unique")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"options\":[{\"name\":\"A\",\"value\":\"a\"}]}",
        "$.parameters[0].options[0].value: must be a number")]
    [InlineData(
        "{\"name\":\"p\",\"default_value\":\"c\",\"options\":[{\"name\":\"A\",\"value\":\"a\"}]}",
        "$.parameters[0].default_value: must be one of the options")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"list(string)\",\"default_value\":\"[\\\"a\\\",\\\"c\\\"]\",\"options\":[{\"name\":\"A\",\"value\":\"a\"}]}",
        "$.parameters[0].default_value: must be one of the options")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"list(string)\",\"default_value\":\"a\"}",
        "$.parameters[0].default_value: must be a JSON array of strings")]
    [InlineData("{\"name\":\"p\",\"validation_regex\":\"[\"}", "$.parameters[0].validation_regex: is not a regular expression")]
    [InlineData(
        "{\"name\":\"p\",\"validation_regex\":\"(a)\\\\1\"}",
        "$.parameters[0].validation_regex: must do without look-around, back references and great repetitions")]
    [InlineData(
        "{\"name\":\"p\",\"validation_regex\":\"(?=a)\"}",
        "$.parameters[0].validation_regex: must do without look-around, back references and great repetitions")]
    [InlineData(
        "{\"name\":\"p\",\"validation_regex\":\"((a{1000}){1000}){1000}\"}",
        "$.parameters[0].validation_regex: must do without look-around, back references and great repetitions")]
    [InlineData("{\"name\":\"p\",\"type\":\"number\",\"validation_regex\":\"1\"}", "$.parameters[0].validation_regex: is for the type string only")]
    [InlineData(
        "{\"name\":\"p\",\"default_value\":\"b\",\"validation_regex\":\"^a$\"}",
        "$.parameters[0].default_value: must match \"^a$\"")]
    [InlineData(
        "{\"name\":\"p\",\"default_value\":\"b\",\"validation_regex\":\"^a$\",\"validation_error\":\"no {value}!\"}",
        "$.parameters[0].default_value: no b!")]
    [InlineData("{\"name\":\"p\",\"validation_min\":1}", "$.parameters[0].validation_min: is for the type number only")]
    [InlineData("{\"name\":\"p\",\"validation_max\":1}", "$.parameters[0].validation_max: is for the type number only")]
    [InlineData(
        "{\"name\":\"p\",\"validation_monotonic\":\"increasing\"}",
        "$.parameters[0].validation_monotonic: is for the type number only")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"validation_monotonic\":\"up\"}",
        "$.parameters[0].validation_monotonic: must be one of increasing, decreasing")]
    [InlineData("{\"name\":\"p\",\"type\":\"number\",\"validation_min\":1.5}", "$.parameters[0].validation_min: must be a whole number of 32 bits")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"validation_max\":2147483648}",
        "$.parameters[0].validation_max: must be a whole number of 32 bits")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"validation_min\":2,\"validation_max\":1}",
        "$.parameters[0].validation_min: must not be greater than validation_max")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"validation_min\":1,\"validation_max\":3,\"default_value\":\"0\"}",
        "$.parameters[0].default_value: must be at least 1")]
    [InlineData(
        "{\"name\":\"p\",\"type\":\"number\",\"validation_min\":1,\"validation_max\":3,\"default_value\":\"3.5\"}",
        "$.parameters[0].default_value: must be at most 3")]
    [InlineData("{\"name\":\"p\",\"ephemeral\":true}", "$.parameters[0].ephemeral: needs default_value")]
    [InlineData("{\"name\":\"p\",\"ephemeral\":true,\"default_value\":\"\",\"mutable\":false}", "$.parameters[0].ephemeral: needs mutable")]
    public void Parameters(string items, string expected) => First($"{{\"version\":1,\"parameters\":[{items}]}}").Should().Be(expected);

    [Fact]
    public void There_are_at_most_1000_parameters()
    {
        static string Json(int count) =>
            $"{{\"version\":1,\"parameters\":[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"name\":\"p{i}\"}}"))}]}}";

        All(Json(1000)).Should().BeEmpty();
        All(Json(1001)).Should().Equal("$.parameters: must have at most 1000 items");
    }

    [Theory]
    [InlineData("{\"name\":\"a\"},{\"name\":\"a\"}", "$.presets[1].name: must be unique")]
    [InlineData("{}", "$.presets[0].name: is required")]
    [InlineData("{\"name\":\"a\",\"default\":true},{\"name\":\"b\",\"default\":true}", "$.presets[1].default: must be true for one preset only")]
    [InlineData("{\"name\":\"a\",\"parameters\":{\"size\":\"1\"}}", "$.presets[0].parameters.size: is not a parameter of the template")]
    [InlineData("{\"name\":\"a\",\"parameters\":{\"disk size\":\"1\"}}", "$.presets[0].parameters['disk size']: is not a parameter of the template")]
    [InlineData("{\"name\":\"a\",\"parameters\":{\"region\":\"us\"}}", "$.presets[0].parameters.region: must be one of the options")]
    [InlineData("{\"name\":\"a\",\"parameters\":{\"region\":1}}", "$.presets[0].parameters.region: must be a string")]
    [InlineData("{\"name\":\"a\",\"parameters\":[]}", "$.presets[0].parameters: must be an object")]
    [InlineData("{\"name\":\"a\",\"prebuilds\":{}}", "$.presets[0].prebuilds.instances: is required")]
    [InlineData("{\"name\":\"a\",\"prebuilds\":{\"instances\":-1}}", "$.presets[0].prebuilds.instances: must be at least 0")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"expiration_policy\":{\"ttl\":-1}}}",
        "$.presets[0].prebuilds.expiration_policy.ttl: must be at least 0")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"expiration_policy\":{\"after\":1}}}",
        "$.presets[0].prebuilds.expiration_policy.after: is not a known key")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"schedule\":[{\"cron\":\"* 9 * * *\",\"instances\":1}]}}}",
        "$.presets[0].prebuilds.scheduling.timezone: is required")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"UTC\"}}}",
        "$.presets[0].prebuilds.scheduling.schedule: is required")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"Moon\",\"schedule\":[{\"cron\":\"* 9 * * *\",\"instances\":1}]}}}",
        "$.presets[0].prebuilds.scheduling.timezone: is not a time zone: \"Moon\"")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"UTC\",\"schedule\":[{\"cron\":\"0 9 * * *\",\"instances\":1}]}}}",
        "$.presets[0].prebuilds.scheduling.schedule[0].cron: the minute must be *")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"UTC\",\"schedule\":[{\"instances\":1}]}}}",
        "$.presets[0].prebuilds.scheduling.schedule[0].cron: is required")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"UTC\",\"schedule\":[{\"cron\":\"* 9 * * *\"}]}}}",
        "$.presets[0].prebuilds.scheduling.schedule[0].instances: is required")]
    [InlineData(
        "{\"name\":\"a\",\"prebuilds\":{\"instances\":1,\"scheduling\":{\"timezone\":\"UTC\",\"schedule\":[{\"cron\":\"* 9 * * *\",\"instances\":1},{\"cron\":\"* 9 * * 1\",\"instances\":1}]}}}",
        "$.presets[0].prebuilds.scheduling.schedule[1].cron: overlaps \"* 9 * * *\"")]
    public void Presets(string items, string expected) => First($$"""
        {"version":1,"parameters":[{"name":"region","default_value":"eu","options":[{"name":"EU","value":"eu"}]}],"presets":[{{items}}]}
        """).Should().Be(expected);

    [Theory]
    [InlineData("{\"name\":\"a\"}", "$.resources[0].type: is required")]
    [InlineData("{\"type\":\"t\"}", "$.resources[0].name: is required")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\"},{\"type\":\"t\",\"name\":\"a\"}", "$.resources[1].name: must be unique for this type")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\",\"daily_cost\":-1}", "$.resources[0].daily_cost: must be at least 0")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\",\"present\":\"never\"}", "$.resources[0].present: must be one of started, always")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\",\"hide\":0}", "$.resources[0].hide: must be true or false")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\",\"metadata\":[{\"value\":\"x\"}]}", "$.resources[0].metadata[0].key: is required")]
    [InlineData(
        "{\"type\":\"t\",\"name\":\"a\",\"metadata\":[{\"key\":\"k\"},{\"key\":\"k\"}]}",
        "$.resources[0].metadata[1].key: must be unique")]
    [InlineData("{\"type\":\"t\",\"name\":\"${workspace.size}\"}", "$.resources[0].name: has an unknown placeholder: \"workspace.size\"")]
    [InlineData("{\"type\":\"t\",\"name\":\"${parameter.x}\"}", "$.resources[0].name: has an unknown placeholder: \"parameter.x\"")]
    [InlineData("{\"type\":\"t\",\"name\":\"${variable.x}\"}", "$.resources[0].name: has an unknown placeholder: \"variable.x\"")]
    [InlineData("{\"type\":\"t\",\"name\":\"${workspace.id\"}", "$.resources[0].name: has a placeholder without an end")]
    [InlineData("{\"type\":\"t\",\"name\":\"a\",\"metadata\":[{\"key\":\"k\",\"value\":\"${}\"}]}", "$.resources[0].metadata[0].value: has an unknown placeholder: \"\"")]
    public void Resources(string items, string expected) => First($"{{\"version\":1,\"resources\":[{items}]}}").Should().Be(expected);

    [Theory]
    [InlineData("type", 192)]
    [InlineData("name", 64)]
    [InlineData("icon", 256)]
    public void Texts_of_resources_have_the_sizes_of_their_columns(string key, int maximum)
    {
        string Json(int length)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = "t", ["name"] = "n", [key] = new string('x', length) };
            return $"{{\"version\":1,\"resources\":[{System.Text.Json.JsonSerializer.Serialize(texts)}]}}";
        }

        All(Json(maximum)).Should().BeEmpty();
        All(Json(maximum + 1)).Should().Equal($"$.resources[0].{key}: must have at most {maximum} characters");
    }

    [Theory]
    [InlineData("\"operating_system\":\"linux\",\"architecture\":\"amd64\"", "name: is required")]
    [InlineData("\"name\":\"a_b\",\"operating_system\":\"linux\",\"architecture\":\"amd64\"", "name: must be letters, digits and single hyphens between them")]
    [InlineData("\"name\":\"-a\",\"operating_system\":\"linux\",\"architecture\":\"amd64\"", "name: must be letters, digits and single hyphens between them")]
    [InlineData("\"name\":\"a--b\",\"operating_system\":\"linux\",\"architecture\":\"amd64\"", "name: must be letters, digits and single hyphens between them")]
    [InlineData("\"name\":\"a\\n\",\"operating_system\":\"linux\",\"architecture\":\"amd64\"", "name: must be letters, digits and single hyphens between them")]
    [InlineData("\"name\":\"a\",\"architecture\":\"amd64\"", "operating_system: is required")]
    [InlineData("\"name\":\"a\",\"operating_system\":\"plan9\",\"architecture\":\"amd64\"", "operating_system: must be one of linux, darwin, windows")]
    [InlineData("\"name\":\"a\",\"operating_system\":\"linux\"", "architecture: is required")]
    [InlineData("\"name\":\"a\",\"operating_system\":\"linux\",\"architecture\":\"x86\"", "architecture: must be one of amd64, arm64, armv7")]
    [InlineData(Agent + ",\"env\":{\"A=B\":\"\"}", "env['A=B']: is not the name of an environment variable")]
    [InlineData(Agent + ",\"env\":{\"A\":1}", "env.A: must be a string")]
    [InlineData(Agent + ",\"display_apps\":\"vscode\"", "display_apps: must be an array")]
    [InlineData(
        Agent + ",\"display_apps\":[\"emacs\"]",
        "display_apps[0]: must be one of vscode, vscode_insiders, web_terminal, port_forwarding_helper, ssh_helper")]
    [InlineData(Agent + ",\"display_apps\":[\"vscode\",\"vscode\"]", "display_apps[1]: must be unique")]
    [InlineData(Agent + ",\"connection_timeout_seconds\":-1", "connection_timeout_seconds: must be at least 0")]
    [InlineData(Agent + ",\"order\":\"first\"", "order: must be a whole number of 32 bits")]
    [InlineData(Agent + ",\"token\":\"x\"", "token: is not a known key")]
    [InlineData(Agent + ",\"scripts\":[{\"run_on_start\":true}]", "scripts[0].script: is required")]
    [InlineData(Agent + ",\"scripts\":[{\"script\":\"x\"}]", "scripts[0].script: needs run_on_start, run_on_stop or cron")]
    [InlineData(Agent + ",\"scripts\":[{\"script\":\"x\",\"cron\":\"daily\"}]", "scripts[0].cron: must have five or six fields")]
    [InlineData(
        Agent + ",\"scripts\":[{\"script\":\"x\",\"run_on_stop\":true,\"start_blocks_login\":true}]",
        "scripts[0].start_blocks_login: needs run_on_start")]
    [InlineData(Agent + ",\"scripts\":[{\"script\":\"x\",\"run_on_start\":true,\"timeout_seconds\":-1}]", "scripts[0].timeout_seconds: must be at least 0")]
    [InlineData(Agent + ",\"apps\":[{\"url\":\"http://x\"}]", "apps[0].slug: is required")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"Code\",\"url\":\"http://x\"}]",
        "apps[0].slug: must be lower-case letters, digits and single hyphens between them")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\"},{\"slug\":\"a\",\"command\":\"x\"}]", "apps[1].slug: must be unique")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\"}]", "apps[0].url: is required, or command is")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"command\":\"x\"}]", "apps[0].url: must not be together with command")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"code\"}]", "apps[0].url: must be an absolute URL")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"/code\"}]", "apps[0].url: must be an absolute URL")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"command\":\"x\",\"external\":true}]", "apps[0].external: needs url")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"external\":true,\"subdomain\":true}]",
        "apps[0].external: must not be together with subdomain")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"external\":true,\"healthcheck\":{\"url\":\"http://x\"}}]",
        "apps[0].external: must not be together with healthcheck")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"healthcheck\":{}}]", "apps[0].healthcheck.url: is required")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"healthcheck\":{\"url\":\"http://x\",\"interval\":0}}]",
        "apps[0].healthcheck.interval: must be at least 1")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"healthcheck\":{\"url\":\"http://x\",\"threshold\":0}}]",
        "apps[0].healthcheck.threshold: must be at least 1")]
    [InlineData(
        Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"share\":\"all\"}]",
        "apps[0].share: must be one of owner, authenticated, organization, public")]
    [InlineData(Agent + ",\"apps\":[{\"slug\":\"a\",\"url\":\"http://x\",\"open_in\":\"window\"}]", "apps[0].open_in: must be one of slim-window, tab")]
    public void Agents(string agent, string expected) =>
        First($"{{\"version\":1,\"resources\":[{{\"type\":\"t\",\"name\":\"n\",\"agents\":[{{{agent}}}]}}]}}")
            .Should().Be($"$.resources[0].agents[0].{expected}");

    [Fact]
    public void Names_of_agents_are_unique_in_the_whole_template_without_regard_to_case() => All($$"""
        {"version":1,"resources":[
          {"type":"t","name":"a","agents":[{ {{Agent}} }]},
          {"type":"t","name":"b","agents":[{"name":"Main","operating_system":"linux","architecture":"arm64"}]}]}
        """).Should().Equal("$.resources[1].agents[0].name: must be unique");

    [Theory]
    [InlineData("{}", "$.ai_task.sidebar_app: is required")]
    [InlineData("{\"sidebar_app\":\"main\"}", "$.ai_task.sidebar_app: must be the agent/slug of an app")]
    [InlineData("{\"sidebar_app\":\"main/other\"}", "$.ai_task.sidebar_app: must be the agent/slug of an app")]
    [InlineData("{\"sidebar_app\":\"main/code/x\"}", "$.ai_task.sidebar_app: must be the agent/slug of an app")]
    public void Ai_task(string task, string expected) => First($$"""
        {"version":1,"ai_task":{{task}},"resources":[
          {"type":"t","name":"a","agents":[{ {{Agent}},"apps":[{"slug":"code","url":"http://localhost"}]}]}]}
        """).Should().Be(expected);

    [Theory]
    [InlineData("{\"delay_ms\":{\"import\":-1}}", "$.provision.delay_ms.import: must be from 0 to 600000")]
    [InlineData("{\"delay_ms\":{\"stop\":600001}}", "$.provision.delay_ms.stop: must be from 0 to 600000")]
    [InlineData("{\"delay_ms\":{\"restart\":1}}", "$.provision.delay_ms.restart: is not a known key")]
    [InlineData("{\"logs\":[{\"output\":\"x\"}]}", "$.provision.logs[0].phase: is required")]
    [InlineData("{\"logs\":[{\"phase\":\"plan\"}]}", "$.provision.logs[0].phase: must be one of import, start, stop, delete")]
    [InlineData("{\"logs\":[{\"phase\":\"start\",\"level\":\"fatal\"}]}", "$.provision.logs[0].level: must be one of trace, debug, info, warn, error")]
    [InlineData("{\"fail\":{\"start\":\"\"}}", "$.provision.fail.start: must not be empty")]
    [InlineData("{\"fail\":{\"restart\":\"x\"}}", "$.provision.fail.restart: is not a known key")]
    public void Provision(string provision, string expected) => First($"{{\"version\":1,\"provision\":{provision}}}").Should().Be(expected);

    [Fact]
    public void All_problems_are_found_at_once() => All("""
        {"version":1,"parameters":[{"name":"a"},{"name":"a","type":"x"}],"presets":[{"name":"p","parameters":{"b":"1"}}],"more":1}
        """).Should().Equal(
            "$.parameters[1].name: must be unique",
            "$.parameters[1].type: must be one of string, number, bool, list(string)",
            "$.presets[0].parameters.b: is not a parameter of the template",
            "$.more: is not a known key");

    [Fact]
    public void The_first_problem_is_the_error_of_the_job() =>
        new ManifestProblem("$.presets[1].name", "must be unique").JobError
            .Should().Be("Template manifest is invalid: $.presets[1].name: must be unique");

    [Fact]
    public void Foreign_text_in_a_problem_is_short()
    {
        var name = new string('x', 100_000);

        First($"{{\"version\":1,\"{name}\":1}}").Should().Be($"$.{name[..64]}…: is not a known key");
    }

    [Fact]
    public void Problems_without_end_are_cut() =>
        All($"{{\"version\":1,\"variables\":[{string.Join(',', Enumerable.Repeat("1", 100_000))}]}}").Should().HaveCount(1000);

    private static string First(string json) => All(json)[0];

    private static List<string> All(string json)
    {
        var isRead = TemplateManifestParser.TryParse(Encoding.UTF8.GetBytes(json), out var manifest, out var problems);

        isRead.Should().Be(problems.Count == 0);
        (manifest is null).Should().Be(!isRead);
        return [.. problems.Select(problem => problem.ToString())];
    }
}
