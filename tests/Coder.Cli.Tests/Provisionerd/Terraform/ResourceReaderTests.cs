using System.Text.Json.Nodes;
using Coder.Cli.Provisionerd;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class ResourceReaderTests
{
    private const string Agent = """{"id":"a1","os":"linux","arch":"amd64","token":"0b3a4f0e-0000-4000-8000-0000000000a2"}""";
    private const string PlannedAgent = """{"os":"linux","arch":"amd64"}""";

    [Fact]
    public void An_agent_belongs_to_the_resource_that_depends_on_it()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", Agent)
            .Add("docker_volume.home", "{}")
            .Add("docker_container.dev", "{}", dependsOn: ["coder_agent.main", "docker_volume.home"])
            .State(), isStarted: true);

        Shape(read).Should().Equal("docker_volume.home", "docker_container.dev: main");
        read.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Of_several_resources_it_is_the_nearest_one()
    {
        // A state lists dependencies over all steps.
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", Agent)
            .Add("aws_dns.name", "{}", dependsOn: ["aws_instance.dev", "coder_agent.main"])
            .Add("aws_instance.dev", "{}", dependsOn: ["coder_agent.main"])
            .State(), isStarted: true);

        Shape(read).Should().Equal("aws_dns.name", "aws_instance.dev: main");
    }

    [Fact]
    public void In_a_plan_the_way_leads_through_data_and_locals()
    {
        var documents = new Documents()
            .Add("coder_agent.main", PlannedAgent)
            .Add("aws_instance.dev", "{}", [("user_data", ["local.script"])])
            .Add("aws_instance.other", "{}", [("name", ["var.name"])])
            .Configure("data.cloudinit_config.user", ("part", ["coder_agent.main.init_script", "coder_agent.main"]));
        documents.Locals["script"] = ["data.cloudinit_config.user.rendered"];

        Shape(ResourceReader.Read(documents.Plan(), isStarted: true)).Should().Equal("aws_instance.dev: main", "aws_instance.other");
    }

    [Fact]
    public void In_a_plan_the_way_leads_through_modules()
    {
        var documents = new Documents().Add("coder_agent.main", PlannedAgent);
        documents.Modules["vm"] = new JsonObject
        {
            ["expressions"] = new JsonObject { ["script"] = Documents.Expression("module.init.rendered", "module.init") },
            ["module"] = new JsonObject
            {
                ["resources"] = new JsonArray(Documents.Configuration("aws_instance.dev", "aws_instance", "dev", ("user_data", ["var.script"]))),
            },
        };
        documents.Modules["init"] = new JsonObject
        {
            ["expressions"] = new JsonObject { ["agent"] = Documents.Expression("coder_agent.main.init_script", "coder_agent.main") },
            ["module"] = new JsonObject
            {
                ["outputs"] = new JsonObject { ["rendered"] = new JsonObject { ["expression"] = Documents.Expression("var.agent") } },
            },
        };
        documents.Children.Add(new JsonObject
        {
            ["address"] = "module.vm",
            ["resources"] = new JsonArray(new JsonObject
            {
                ["address"] = "module.vm.aws_instance.dev",
                ["mode"] = "managed",
                ["type"] = "aws_instance",
                ["name"] = "dev",
                ["values"] = new JsonObject(),
            }),
        });

        Shape(ResourceReader.Read(documents.Plan(), isStarted: true)).Should().Equal("aws_instance.dev: main");
    }

    [Fact]
    public void Each_instance_has_the_agent_with_its_key()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main[0]", """{"id":"a0","os":"linux","arch":"amd64","dir":"/0"}""")
            .Add("coder_agent.main[1]", """{"id":"a1","os":"linux","arch":"amd64","dir":"/1"}""")
            .Add("docker_container.dev[0]", "{}", dependsOn: ["coder_agent.main"])
            .Add("docker_container.dev[1]", "{}", dependsOn: ["coder_agent.main"])
            .Add("coder_app.code[1]", """{"agent_id":"a1","slug":"code","url":"http://x"}""")
            .State(), isStarted: true);

        read.Resources.Select(resource => resource.Agents.Single().Directory).Should().Equal("/0", "/1");
        read.Resources.Select(resource => resource.Agents.Single().Apps.Count).Should().Equal(0, 1);
    }

    [Fact]
    public void An_agent_that_nothing_refers_to_is_a_resource_itself()
    {
        var read = ResourceReader.Read(new Documents().Add("coder_agent.main", Agent).Add("terraform_data.box", "{}").State(), isStarted: true);

        Shape(read).Should().Equal("terraform_data.box", "coder_agent.main: main");
        read.Warnings.Should().Equal("No resource refers to coder_agent.main; it is shown as a resource itself.");
    }

    [Fact]
    public void In_a_stopped_workspace_an_agent_that_nothing_refers_to_is_not_there()
    {
        var read = ResourceReader.Read(
            new Documents()
                .Add("coder_agent.main", Agent)
                .Add("coder_app.chat", """{"id":"p1","agent_id":"a1","slug":"chat","url":"http://x"}""")
                .Add("coder_ai_task.task", """{"app_id":"p1"}""")
                .Add("docker_volume.home", "{}")
                .State(),
            isStarted: false);

        Shape(read).Should().Equal("docker_volume.home");
        read.AiTask.Should().BeNull();
    }

    [Fact]
    public void An_external_agent_is_a_resource_of_its_own_type()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", Agent)
            .Add("coder_external_agent.main", """{"agent_id":"a1"}""", dependsOn: ["coder_agent.main"])
            .State(), isStarted: true);

        Shape(read).Should().Equal("coder_external_agent.main: main");
    }

    [Fact]
    public void An_agent_is_read_with_everything_that_names_it()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", """
                {"id":"a1","os":"linux","arch":"arm64","dir":"/home/dev","env":{"A":"1","B":"2"},"token":"0b3a4f0e-0000-4000-8000-0000000000a2",
                 "connection_timeout":30,"troubleshooting_url":"https://help","motd_file":"/etc/motd","order":4,
                 "startup_script":"echo hi","startup_script_behavior":"blocking","shutdown_script":"echo bye",
                 "display_apps":[{"vscode":false,"vscode_insiders":true,"web_terminal":true,"ssh_helper":false,"port_forwarding_helper":null}]}
                """)
            .Add("coder_env.b", """{"agent_id":"a1","name":"B","value":"3"}""")
            .Add("coder_script.setup", """
                {"agent_id":"a1","display_name":"Setup","script":"x","cron":"0 0 * * *","run_on_start":true,"run_on_stop":false,
                 "start_blocks_login":true,"timeout":60,"icon":"/s.svg","log_path":"/tmp/l"}
                """)
            .Add("coder_app.code", """
                {"id":"p1","agent_id":"a1","slug":"code","display_name":"Code","icon":"/c.svg","url":"http://localhost:1","command":null,
                 "external":false,"subdomain":true,"share":"authenticated","healthcheck":[{"url":"http://localhost:1/h","interval":5,"threshold":6}],
                 "order":2,"group":"Web","hidden":true,"open_in":"tab"}
                """)
            .Add("coder_app.other", """{"agent_id":"nobody","slug":"x","url":"http://x"}""")
            .State(), isStarted: true);

        var agent = read.Resources.Single().Agents.Single();
        agent.Should().BeEquivalentTo(new AgentJson
        {
            Name = "main",
            OperatingSystem = "linux",
            Architecture = "arm64",
            Directory = "/home/dev",
            Env = new Dictionary<string, string> { ["A"] = "1", ["B"] = "3" },
            DisplayApps = ["vscode_insiders", "web_terminal", "port_forwarding_helper"],
            ConnectionTimeoutSeconds = 30,
            TroubleshootingUrl = "https://help",
            MotdFile = "/etc/motd",
            Order = 4,
            Scripts =
            [
                new() { DisplayName = "Startup Script", Script = "echo hi", RunOnStart = true, StartBlocksLogin = true, LogPath = "coder-startup-script.log" },
                new() { DisplayName = "Shutdown Script", Script = "echo bye", RunOnStop = true, LogPath = "coder-shutdown-script.log" },
                new()
                {
                    DisplayName = "Setup", Script = "x", Cron = "0 0 * * *", RunOnStart = true, StartBlocksLogin = true, TimeoutSeconds = 60,
                    Icon = "/s.svg", LogPath = "/tmp/l",
                },
            ],
            Apps =
            [
                new()
                {
                    Slug = "code", DisplayName = "Code", Icon = "/c.svg", Url = "http://localhost:1", Subdomain = true, Share = "authenticated",
                    Healthcheck = new HealthcheckJson("http://localhost:1/h", 5, 6), Order = 2, Group = "Web", Hidden = true, OpenIn = "tab",
                },
            ],
            AuthToken = "0b3a4f0e-0000-4000-8000-0000000000a2",
        });
        read.Warnings.Should().Contain("coder_app.other names no agent of the template and is left out.");
    }

    [Fact]
    public void Before_a_build_an_app_is_found_by_what_it_refers_to()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", PlannedAgent)
            .Add("coder_agent.side", PlannedAgent)
            .Add("coder_app.code", """{"slug":"code"}""", [("agent_id", ["coder_agent.side.id", "coder_agent.side"]), ("url", ["coder_agent.main.id", "coder_agent.main"])])
            .Add("coder_app.top", """{"slug":"top","command":"top"}""", [("agent_id", ["coder_agent.side.id", "coder_agent.side"])])
            .Plan(), isStarted: true);

        var side = read.Resources.Single(resource => resource.Name == "side").Agents.Single();
        side.Apps.Select(app => (app.Slug, app.Url, app.Command)).Should().Equal(
            ("code", AgentReader.UnknownUrl, null), ("top", null, "top"));
        read.Resources.Single(resource => resource.Name == "main").Agents.Single().Apps.Should().BeEmpty();
    }

    [Fact]
    public void Facts_are_shown_with_the_resource_that_they_name()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("docker_container.dev", """{"id":"c1"}""")
            .Add("coder_metadata.dev", """
                {"resource_id":"c1","hide":true,"icon":"/d.svg","daily_cost":7,
                 "item":[{"key":"cpu","value":"2","sensitive":false},{"key":"password","value":"x","sensitive":true},{"key":"cpu","value":"twice"}]}
                """)
            .Add("coder_metadata.lost", """{"resource_id":"c9"}""")
            .State(), isStarted: true);

        read.Resources.Should().ContainSingle().Which.Should().BeEquivalentTo(new ResourceJson
        {
            Type = "docker_container",
            Name = "dev",
            Icon = "/d.svg",
            Hide = true,
            DailyCost = 7,
            Metadata = [new("cpu", "2", false), new("password", "x", true)],
        });
        read.Warnings.Should().Equal("coder_metadata.lost names no resource of the template and is left out.");
    }

    [Theory]
    [InlineData("""{"sidebar_app":[{"id":"p1"}]}""")]
    [InlineData("""{"app_id":"p1"}""")]
    public void An_AI_task_names_its_app(string task)
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", Agent)
            .Add("coder_app.other", """{"id":"p0","agent_id":"a1","slug":"other","url":"http://x"}""")
            .Add("coder_app.chat", """{"id":"p1","agent_id":"a1","slug":"chat","url":"http://x"}""")
            .Add("coder_ai_task.task", task)
            .State(), isStarted: true);

        read.AiTask.Should().Be(new AiTaskJson("main/chat"));
    }

    [Fact]
    public void Before_a_build_an_AI_task_is_found_by_what_it_refers_to()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", PlannedAgent)
            .Add("coder_app.chat", """{"slug":"chat"}""", [("agent_id", ["coder_agent.main.id", "coder_agent.main"])])
            .Add("coder_ai_task.task", "{}", [("app_id", ["coder_app.chat.id", "coder_app.chat"])])
            .Plan(), isStarted: true);

        read.AiTask.Should().Be(new AiTaskJson("main/chat"));
    }

    [Fact]
    public void What_the_server_does_not_know_is_a_warning()
    {
        var read = ResourceReader.Read(new Documents()
            .Add("coder_agent.main", Agent)
            .Add("docker_container.dev", "{}", dependsOn: ["coder_agent.main"])
            .Add("coder_devcontainer.x", """{"agent_id":"a1","workspace_folder":"/src"}""")
            .Add("coder_ai_task.task", """{"app_id":"p9"}""")
            .State(), isStarted: true);

        read.AiTask.Should().BeNull();
        read.Warnings.Should().Equal(
            "coder_devcontainer.x is left out: this server starts no dev containers.",
            "coder_ai_task.task names no app of the template and is left out.");
    }

    [Fact]
    public void A_token_that_is_no_id_is_not_handed_in()
    {
        var read = ResourceReader.Read(new Documents().Add("coder_agent.main", """{"os":"linux","arch":"amd64","token":"abc"}""").State(), isStarted: true);

        read.Resources.Single().Agents.Single().AuthToken.Should().BeNull();
    }

    private static IEnumerable<string> Shape(ReadResources read) => read.Resources.Select(resource =>
        $"{resource.Type}.{resource.Name}{(resource.Agents.Count > 0 ? ": " : "")}{string.Join(',', resource.Agents.Select(a => a.Name))}");
}
