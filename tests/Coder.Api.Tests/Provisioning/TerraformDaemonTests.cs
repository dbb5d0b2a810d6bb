using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Licensing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>Templates in Terraform from the upload to the end of the workspace, with the real program.</summary>
public sealed class TerraformDaemonTests : IClassFixture<TerraformServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly TerraformServer _server;

    public TerraformDaemonTests(TerraformServer server)
    {
        Assert.SkipWhen(TerraformServer.Binary is null, "There is no terraform on the PATH.");
        _server = server;
    }

    [Fact]
    public async Task From_import_to_deletion_a_workspace_keeps_its_state()
    {
        var version = await _server.ImportAsync(
            """
            variable "motto" {
              description = "What it says"
            }
            resource "terraform_data" "box" {
              input = var.motto
            }
            resource "terraform_data" "each" {
              triggers_replace = timestamp()
              provisioner "local-exec" {
                command = "echo it is $CODER_WORKSPACE_TRANSITION of $CODER_WORKSPACE_NAME, psk is [$CODER_PROVISIONER_DAEMON_PSK]"
              }
            }
            """,
            Ct,
            ("motto", "carpe diem"));
        var workspace = await _server.CreateWorkspaceAsync(version, Ct);
        var start = workspace["latest_build"]!;
        var stop = await _server.BuildAsync(workspace, "stop", Ct);
        var again = await _server.BuildAsync(workspace, "start", Ct);
        var delete = await _server.BuildAsync(workspace, "delete", Ct);

        version["readme"]!.GetValue<string>().Should().Be("# Hello");
        foreach (var build in new[] { start, stop, again, delete })
        {
            build["job"]!["status"]!.GetValue<string>().Should().Be("succeeded", build["job"]!.ToJsonString());
        }

        var ids = new[] { await BoxAsync(start), await BoxAsync(stop), await BoxAsync(again) };
        ids.Distinct().Should().ContainSingle().Which.Should().NotBeNull();
        (await BoxAsync(delete)).Should().BeNull();
        start["resources"]!.AsArray().Select(r => $"{r!["type"]}.{r["name"]}").Should().BeEquivalentTo("terraform_data.box", "terraform_data.each");
        delete["resources"]!.AsArray().Should().BeEmpty();

        var log = await _server.LogAsync(stop["job"]!, Ct);
        log.Should().Contain(line => line.StartsWith("Stopping workspace | info | ", StringComparison.Ordinal)
            && line.Contains($"it is stop of {workspace["name"]}, psk is []", StringComparison.Ordinal));
        log.Should().Contain(line => line.StartsWith("Initializing Terraform | info | ", StringComparison.Ordinal));
        _server.Output.Should().NotContain("pre-shared").And.Contain($"/{workspace["name"]} #1 succeeded");
    }

    [Fact]
    public async Task A_missing_variable_fails_the_import_in_the_way_clients_know()
    {
        const string Main = """
            variable "motto" {}
            variable "color" { default = "red" }
            """;

        var version = await _server.ImportAsync(Main, Ct);

        var job = version["job"]!;
        job["status"]!.GetValue<string>().Should().Be("failed");
        job["error"]!.GetValue<string>().Should().Be("The template has required variables without a value: \"motto\".");
        job["error_code"]!.GetValue<string>().Should().Be("REQUIRED_TEMPLATE_VARIABLES");
        var variables = JsonNode.Parse(await _server.Owner.GetStringAsync($"/api/v2/templateversions/{version["id"]}/variables", Ct))!.AsArray();
        variables.Select(v => $"{v!["name"]} {v["required"]} {v["default_value"]}").Should().BeEquivalentTo("motto true ", "color false red");
    }

    [Fact]
    public async Task Variables_are_stored_with_the_version_and_reach_the_builds()
    {
        var version = await _server.ImportAsync(
            """
            variable "secret" { sensitive = true }
            variable "sizes" {
              type    = list(number)
              default = [1, 2]
            }
            variable "none" { default = null }
            resource "terraform_data" "box" {
              input = "${length(var.sizes)} ${var.none == null ? "null" : "set"} ${nonsensitive(var.secret)}"
            }
            """,
            Ct,
            ("secret", "t0p"),
            ("sizes", "[1, 2, 3]"));

        var workspace = await _server.CreateWorkspaceAsync(version, Ct);

        var state = await _server.StateAsync(workspace["latest_build"]!, Ct);
        Attributes(state, "box")!["input"]!["value"]!.GetValue<string>().Should().Be("3 null t0p");
    }

    [Fact]
    public async Task What_Terraform_says_is_why_an_import_fails()
    {
        var version = await _server.ImportAsync("resource \"terraform_data\" \"box\" {\n  size = 3\n}\n", Ct);

        version["job"]!["error"]!.GetValue<string>().Should().StartWith("terraform ").And.Contain("Unsupported argument");
        (await _server.LogAsync(version["job"]!, Ct)).Should().Contain(line => line.EndsWith("| error |   on main.tf line 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_build_that_fails_keeps_what_it_made()
    {
        var version = await _server.ImportAsync(
            """
            resource "terraform_data" "box" {}
            resource "terraform_data" "broken" {
              depends_on = [terraform_data.box]
              provisioner "local-exec" {
                command = "echo no disk; exit 7"
              }
            }
            """,
            Ct);

        var build = (await _server.CreateWorkspaceAsync(version, Ct))["latest_build"]!;

        build["job"]!["status"]!.GetValue<string>().Should().Be("failed");
        build["job"]!["error"]!.GetValue<string>().Should().StartWith("terraform apply failed: ").And.Contain("exit status 7");
        (await BoxAsync(build)).Should().NotBeNull();
        (await _server.LogAsync(build["job"]!, Ct)).Should().Contain(line => line.Contains("no disk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_canceled_build_ends_with_all_its_processes()
    {
        var pids = _server.PathOf("pids");
        var version = await _server.ImportAsync(
            $$"""
            resource "terraform_data" "box" {}
            resource "terraform_data" "slow" {
              depends_on = [terraform_data.box]
              provisioner "local-exec" {
                command = "trap '' INT; sleep 600 & echo $! $$ > {{pids}}.new; mv {{pids}}.new {{pids}}; wait"
              }
            }
            """,
            Ct);
        var workspace = await _server.CreateWorkspaceAsync(version, Ct, waits: false);
        await EventuallyAsync(() => File.Exists(pids));

        var build = workspace["latest_build"]!;
        var canceled = await _server.Owner.PatchAsync($"/api/v2/workspacebuilds/{build["id"]}/cancel", null, Ct);
        await _server.EndAsync(build["job"]!["id"]!.GetValue<Guid>(), Ct);

        canceled.StatusCode.Should().Be(HttpStatusCode.OK);
        build = await _server.GetAsync($"/api/v2/workspacebuilds/{build["id"]}", Ct);
        build["job"]!["status"]!.GetValue<string>().Should().Be("canceled");
        foreach (var pid in (await File.ReadAllTextAsync(pids, Ct)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            await EventuallyAsync(() => !IsAlive(int.Parse(pid, CultureInfo.InvariantCulture)));
        }

        (await _server.BuildAsync(workspace, "delete", Ct))["job"]!["status"]!.GetValue<string>().Should().Be("succeeded");
    }

    [Fact]
    public async Task A_build_that_writes_more_than_a_report_can_carry_keeps_its_job_and_its_state()
    {
        var version = await _server.ImportAsync(
            """
            resource "terraform_data" "box" {
              provisioner "local-exec" {
                command = "for i in $(seq 100); do head -c 15000 /dev/zero | tr '\\0' '\\042'; echo; done"
              }
            }
            """,
            Ct);

        var build = (await _server.CreateWorkspaceAsync(version, Ct))["latest_build"]!;

        build["job"]!["status"]!.GetValue<string>().Should().Be("succeeded", build["job"]!.ToJsonString());
        (await BoxAsync(build)).Should().NotBeNull();
        (await _server.LogAsync(build["job"]!, Ct)).Should().Contain(line => line.Contains(new string('"', 1000), StringComparison.Ordinal))
            .And.Contain(line => line.Contains("exceeded the max size", StringComparison.Ordinal), "all of it was brought to the server");
    }

    [Fact]
    public async Task A_dry_run_shows_what_a_start_would_make_and_makes_nothing()
    {
        var made = _server.PathOf("made");
        var version = await _server.ImportAsync(
            $$"""
            variable "boxes" { default = 1 }
            resource "terraform_data" "box" {
              count = var.boxes
              provisioner "local-exec" {
                command = "touch {{made}}"
              }
            }
            """,
            Ct);

        var path = $"/api/v2/templateversions/{version["id"]}/dry-run";
        var created = await _server.Owner.PostAsJsonAsync(
            path, new { workspace_name = "try", user_variable_values = new[] { new { name = "boxes", value = "3" } } }, Ct);
        created.StatusCode.Should().Be(HttpStatusCode.Created, await created.Content.ReadAsStringAsync(Ct));
        var id = (await created.JsonAsync(Ct))["id"]!.GetValue<Guid>();
        await _server.EndAsync(id, Ct);

        var job = await _server.GetAsync($"{path}/{id}", Ct);
        job["status"]!.GetValue<string>().Should().Be("succeeded", job.ToJsonString());
        JsonNode.Parse(await _server.Owner.GetStringAsync($"{path}/{id}/resources", Ct))!.AsArray()
            .Select(resource => resource!["name"]!.GetValue<string>()).Should().Equal("box", "box", "box");
        File.Exists(made).Should().BeFalse();
    }

    [Fact]
    public async Task A_template_may_be_written_in_JSON()
    {
        const string Template = """
            {
              "variable": { "motto": { "description": "What it says" } },
              "resource": { "terraform_data": { "box": { "input": "${var.motto}" } } }
            }
            """;

        var missing = await _server.ImportFileAsync("main.tf.json", Template, Ct);
        var version = await _server.ImportFileAsync("main.tf.json", Template, Ct, ("motto", "carpe diem"));
        var workspace = await _server.CreateWorkspaceAsync(version, Ct);

        missing["job"]!["error_code"]!.GetValue<string>().Should().Be("REQUIRED_TEMPLATE_VARIABLES", missing["job"]!.ToJsonString());
        var state = await _server.StateAsync(workspace["latest_build"]!, Ct);
        Attributes(state, "box")!["input"]!["value"]!.GetValue<string>().Should().Be("carpe diem");
    }

    private static async Task EventuallyAsync(Func<bool> holds) =>
        (await Eventually.ReadAsync(() => Task.FromResult(holds()), so => so, Ct)).Should().BeTrue();

    private static bool IsAlive(int pid)
    {
        try
        {
            // A zombie waits for its parent only.
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static JsonObject? Attributes(JsonObject? state, string name) => state?["resources"]!.AsArray()
        .FirstOrDefault(resource => resource!["name"]!.GetValue<string>() == name)?["instances"]![0]!["attributes"]!.AsObject();

    private async Task<string?> BoxAsync(JsonNode build) => Attributes(await _server.StateAsync(build, Ct), "box")?["id"]!.GetValue<string>();
}
