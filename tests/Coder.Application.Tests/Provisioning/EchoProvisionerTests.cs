using System.Text;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Tests.Provisioning;

public sealed class EchoProvisionerTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly HashSet<ResourceKey> NoResources = [];

    private const string Resources = """
        [ { "type": "container", "name": "dev", "metadata": [ { "key": "who", "value": "${owner.name}/${parameter.region}" } ] },
          { "type": "volume", "name": "home", "present": "always" } ]
        """;

    [Fact]
    public void An_import_without_a_manifest_fails_and_says_what_templates_in_Terraform_need()
    {
        var plan = EchoProvisioner.Import(new TemplateSource(null, "# Hello"), Nothing, At);

        plan.Error.Should().Be(
            "The archive has no coder-template.json in its root. Templates written in Terraform need an external provisioner.");
        plan.Result.Should().BeNull();
        plan.Log.Should().Equal(new JobLogLine(At, LogSource.Provisioner, LogLevel.Error, "Importing template", plan.Error));
    }

    [Fact]
    public void The_first_problem_of_a_manifest_is_the_error_and_each_problem_is_a_line()
    {
        var plan = Import("""{ "version": 1, "presets": [ { "name": "a" }, { "name": "a" } ], "extra": 1 }""");

        plan.Error.Should().Be("Template manifest is invalid: $.presets[1].name: must be unique");
        plan.Log.Select(line => (line.Level, line.Output)).Should().Equal(
            (LogLevel.Error, "$.presets[1].name: must be unique"), (LogLevel.Error, "$.extra: is not a known key"));
    }

    [Fact]
    public void No_more_than_twenty_problems_are_written_into_the_log()
    {
        var unknown = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"\"key{i}\": 1"));

        var plan = Import($$"""{ "version": 1, {{unknown}} }""");

        plan.Log.Should().HaveCount(20);
    }

    [Fact]
    public void A_required_variable_without_a_value_fails_the_import_with_a_code()
    {
        const string Manifest = """{ "version": 1, "variables": [ { "name": "region", "required": true } ] }""";

        var missing = Import(Manifest);
        var given = Import(Manifest, new(StringComparer.Ordinal) { ["region"] = "eu" });

        missing.ErrorCode.Should().Be(JobErrorCode.RequiredTemplateVariables);
        missing.Error.Should().Be("The template has required variables without a value: \"region\".");
        given.Error.Should().BeEmpty();
        given.ErrorCode.Should().BeNull();
    }

    [Fact]
    public void A_variable_of_the_wrong_type_fails_the_import_without_a_code()
    {
        var plan = Import("""{ "version": 1, "variables": [ { "name": "n", "type": "number" } ] }""", new(StringComparer.Ordinal) { ["n"] = "x" });

        plan.Error.Should().Be("The value of the variable \"n\" must be a number.");
        plan.ErrorCode.Should().BeNull();
    }

    [Fact]
    public void An_import_foresees_the_resources_of_starts_and_stops_with_placeholders_as_they_are()
    {
        var result = Import($$"""{ "version": 1, "parameters": [ { "name": "region" } ], "resources": {{Resources}} }""").Result!;

        result.StartResources.Select(r => r.Name).Should().Equal("dev", "home");
        result.StopResources.Select(r => r.Name).Should().Equal("home");
        result.StartResources[0].Metadata[0].Value.Should().Be("${owner.name}/${parameter.region}");
        result.Readme.Should().Be("# Hello");
        result.FromManifest.Should().BeFalse();
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start, "container.dev: created", "volume.home: kept")]
    [InlineData(WorkspaceTransition.Stop, "volume.home: kept", "network.old: removed")]
    [InlineData(WorkspaceTransition.Delete, "network.old: removed", "volume.home: removed")]
    public void A_build_writes_what_becomes_of_each_resource(WorkspaceTransition transition, params string[] expected)
    {
        HashSet<ResourceKey> before = transition == WorkspaceTransition.Start
            ? [new("volume", "home")]
            : [new("volume", "home"), new("network", "old")];

        var plan = Build($$"""{ "version": 1, "parameters": [ { "name": "region" } ], "resources": {{Resources}} }""", transition, before);

        plan.Log.Select(line => line.Output).Should().Equal(expected);
        plan.Log.Select(line => line.Stage).Distinct(StringComparer.Ordinal).Should().Equal(
            transition switch
            {
                WorkspaceTransition.Start => "Starting workspace",
                WorkspaceTransition.Stop => "Stopping workspace",
                _ => "Deleting workspace",
            });
    }

    [Fact]
    public void A_build_has_the_values_of_placeholders_in_its_resources()
    {
        var plan = Build(
            $$"""{ "version": 1, "parameters": [ { "name": "region" } ], "resources": {{Resources}} }""", WorkspaceTransition.Start, NoResources);

        plan.Result!.Resources[0].Metadata[0].Value.Should().Be("olga/eu");
        plan.Delay.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_build_whose_values_break_the_rules_of_the_manifest_fails_like_an_import()
    {
        var plan = Build(
            """{ "version": 1, "parameters": [ { "name": "region" } ], "resources": [ { "type": "a", "name": "${parameter.region}" } ] }""",
            WorkspaceTransition.Start,
            NoResources,
            region: new string('x', 65));

        plan.Error.Should().Be("Template manifest is invalid: $.resources[0].name: must have at most 64 characters");
        plan.Result.Should().BeNull();
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start, 10, "on start")]
    [InlineData(WorkspaceTransition.Stop, 20, "on stop")]
    [InlineData(WorkspaceTransition.Delete, 30, "on delete")]
    public void Each_phase_has_its_own_delay_and_failure(WorkspaceTransition transition, int milliseconds, string error)
    {
        const string Delays = """{ "version": 1, "provision": { "delay_ms": { "import": 5, "start": 10, "stop": 20, "delete": 30 } } }""";
        const string Failures = """
            { "version": 1, "provision": { "fail": { "start": "on start", "stop": "on stop", "delete": "on delete" } } }
            """;

        var slow = Build(Delays, transition, NoResources);
        var failed = Build(Failures, transition, NoResources);

        slow.Delay.Should().Be(TimeSpan.FromMilliseconds(milliseconds));
        slow.Error.Should().BeEmpty();
        failed.Error.Should().Be(error);
        failed.Result.Should().BeNull();
        failed.Log.Should().ContainSingle().Which.Output.Should().Be(error);
    }

    [Fact]
    public void An_import_has_a_delay_and_a_failure_of_its_own_too()
    {
        var plan = Import("""{ "version": 1, "provision": { "delay_ms": { "import": 5 }, "fail": { "import": "not today" } } }""");

        plan.Delay.Should().Be(TimeSpan.FromMilliseconds(5));
        plan.Error.Should().Be("not today");
        plan.ErrorCode.Should().BeNull();
    }

    [Fact]
    public void The_lines_of_the_phase_come_first_in_their_order()
    {
        const string Manifest = """
            { "version": 1,
              "resources": [ { "type": "container", "name": "dev" } ],
              "provision": { "logs": [
                { "phase": "start", "level": "debug", "stage": "Cloning", "output": "one" },
                { "phase": "stop", "level": "info", "output": "other" },
                { "phase": "start", "level": "warn", "output": "two" } ] } }
            """;

        var plan = Build(Manifest, WorkspaceTransition.Start, NoResources);

        plan.Log.Select(line => (line.Level, line.Stage, line.Output)).Should().Equal(
            (LogLevel.Debug, "Cloning", "one"),
            (LogLevel.Warn, "Starting workspace", "two"),
            (LogLevel.Info, "Starting workspace", "container.dev: created"));
    }

    [Fact]
    public void The_ai_task_is_told_of_imports_and_of_every_build()
    {
        const string Manifest = """
            { "version": 1, "ai_task": { "sidebar_app": "main/chat" }, "resources": [ { "type": "container", "name": "dev", "agents": [
                { "name": "main", "operating_system": "linux", "architecture": "amd64", "apps": [ { "slug": "chat", "command": "chat" } ] } ] } ] }
            """;

        Import(Manifest).Result!.AiTask.Should().Be(new AppReference("main", "chat"));
        Build(Manifest, WorkspaceTransition.Stop, NoResources).Result!.AiTask.Should().Be(new AppReference("main", "chat"));
    }

    private static EchoPlan<ImportResult> Import(string manifest, Dictionary<string, string>? given = null) =>
        EchoProvisioner.Import(new TemplateSource(Encoding.UTF8.GetBytes(manifest), "# Hello"), given ?? Nothing, At);

    private static EchoPlan<BuildResult> Build(
        string manifest, WorkspaceTransition transition, HashSet<ResourceKey> before, string region = "eu") => EchoProvisioner.Build(
            new TemplateSource(Encoding.UTF8.GetBytes(manifest), null),
            new PlaceholderValues
            {
                WorkspaceId = Guid.Empty,
                WorkspaceName = "dev",
                Transition = transition,
                OwnerId = Guid.Empty,
                OwnerName = "olga",
                OwnerEmail = "olga@example.com",
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = region },
            },
            before,
            At);
}
