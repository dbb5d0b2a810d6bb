using System.Text;
using Coder.Cli.Provisionerd;
using Coder.Cli.Provisionerd.Terraform;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

/// <summary>Builds with a shell script that stands for Terraform.</summary>
public sealed class TerraformBuildTests : IJobLog, IDisposable
{
    private const string NoShell = "There is no /bin/sh here.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-cli-");
    private readonly List<string> _lines = [];

    public TerraformBuildTests()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), NoShell);
        Directory.CreateDirectory(Sources);
    }

    private string Sources => Path.Combine(_folder.FullName, "template");

    private string Calls => Path.Combine(_folder.FullName, "calls");

    public void Dispose() => _folder.Delete(recursive: true);

    void IJobLog.Write(string level, string stage, string output)
    {
        lock (_lines)
        {
            _lines.Add($"{level} {stage}: {output}");
        }
    }

    [Fact]
    public async Task The_state_of_the_last_build_is_there_and_the_new_one_goes_back()
    {
        var outcome = await RunAsync(
            """
            case $1 in
              apply) printf 'before: '; cat terraform.tfstate; echo; echo '{"serial":2}' > terraform.tfstate ;;
              show) echo '{"values":{"root_module":{"resources":[{"address":"box.a","mode":"managed","type":"box","name":"a","values":{}}]}}}' ;;
            esac
            """,
            new BuildJson { Transition = "start", State = Base64("""{"serial":1}""") });

        var done = outcome.Should().BeOfType<JobOutcome.Done>().Subject;
        done.Result.Resources!.Select(resource => $"{resource.Type}.{resource.Name}").Should().Equal("box.a");
        Encoding.UTF8.GetString(done.State!).Trim().Should().Be("""{"serial":2}""");
        _lines.Should().Equal("info Starting workspace: before: {\"serial\":1}");
        (await CallsAsync()).Should().Equal(
            "init -input=false -no-color -json", "apply -auto-approve -input=false -no-color -json", "show -json -no-color");
    }

    [Fact]
    public async Task A_failure_brings_back_what_is_known_and_the_first_error()
    {
        var outcome = await RunAsync(
            """
            if [ $1 = apply ]; then
              echo '{"serial":2}' > terraform.tfstate
              echo '{"@level":"error","@message":"Error: No disk","diagnostic":{"severity":"error","summary":"No disk","detail":""}}'
              exit 1
            fi
            """,
            new BuildJson { Transition = "stop" });

        var failed = outcome.Should().BeOfType<JobOutcome.Failed>().Subject;
        failed.Error.Should().Be("terraform apply failed: No disk");
        Encoding.UTF8.GetString(failed.State!).Trim().Should().Be("""{"serial":2}""");
        _lines.Should().Equal("error Stopping workspace: Error: No disk");
    }

    [Fact]
    public async Task What_Terraform_made_is_not_forgotten_when_it_can_not_be_read()
    {
        var outcome = await RunAsync(
            """
            case $1 in
              apply) echo '{"serial":2}' > terraform.tfstate ;;
              show) printf '%s\n' '{"values":{"root_module":{"resources":[{"address":"\ud800","mode":"managed","type":"box","name":"a"}]}}}' ;;
            esac
            """,
            new BuildJson { Transition = "start" });

        var failed = outcome.Should().BeOfType<JobOutcome.Failed>().Subject;
        failed.Error.Should().StartWith("The provisioner daemon failed to carry the job out: ");
        Encoding.UTF8.GetString(failed.State!).Trim().Should().Be("""{"serial":2}""");
        _lines.Should().Equal($"error Starting workspace: {failed.Error}");
    }

    [Fact]
    public async Task A_state_that_is_half_written_does_not_go_back()
    {
        var outcome = await RunAsync("echo '{\"ser' > terraform.tfstate; exit 1", new BuildJson { Transition = "start", State = Base64("{}") });

        outcome.State.Should().BeNull();
    }

    [Fact]
    public async Task Without_a_state_there_is_nothing_to_delete()
    {
        var outcome = await RunAsync("exit 1", new BuildJson { Transition = "delete", State = "" });

        outcome.Should().BeOfType<JobOutcome.Done>().Which.Result.Resources.Should().BeEmpty();
        File.Exists(Calls).Should().BeFalse();
    }

    [Fact]
    public async Task A_state_that_the_template_keeps_itself_is_destroyed_all_the_same()
    {
        await File.WriteAllTextAsync(Path.Combine(Sources, "main.tf"), "terraform {\n  backend \"s3\" {}\n}\n", Ct);

        var outcome = await RunAsync("exit 0", new BuildJson { Transition = "delete", State = "" });

        outcome.Should().BeOfType<JobOutcome.Done>();
        (await CallsAsync()).Should().Contain("destroy -auto-approve -input=false -no-color -json");
    }

    [Fact]
    public async Task A_local_backend_is_refused_before_it_can_lose_a_state()
    {
        await File.WriteAllTextAsync(Path.Combine(Sources, "main.tf"), "terraform {\n  backend \"local\" {\n    path = \"x\"\n  }\n}\n", Ct);

        var outcome = await RunAsync("exit 0", new BuildJson { Transition = "start" });

        outcome.Should().BeOfType<JobOutcome.Failed>().Which.Error.Should().Contain("backend \"local\"");
        File.Exists(Calls).Should().BeFalse();
    }

    [Fact]
    public async Task A_local_backend_in_JSON_is_refused_too()
    {
        await File.WriteAllTextAsync(Path.Combine(Sources, "main.tf.json"), """{"terraform":{"backend":{"local":{"path":"x"}}}}""", Ct);

        var outcome = await RunAsync("exit 0", new BuildJson { Transition = "start" });

        outcome.Should().BeOfType<JobOutcome.Failed>().Which.Error.Should().Contain("backend \"local\"");
        File.Exists(Calls).Should().BeFalse();
    }

    [Fact]
    public async Task A_claim_hands_running_agents_their_tokens()
    {
        var outcome = await RunAsync(
            """[ $1 != apply ] || echo "token is $CODER_RUNNING_WORKSPACE_AGENT_TOKEN_a1" ; [ $1 != show ] || echo '{}'""",
            new BuildJson
            {
                Transition = "start",
                PrebuiltWorkspaceBuildStage = "claim",
                State = Base64("""{"resources":[{"type":"coder_agent","name":"main","instances":[{"attributes":{"id":"a1"}}]}]}"""),
                RunningAgentAuthTokens = [new("main", "abc")],
            });

        outcome.Should().BeOfType<JobOutcome.Done>();
        _lines.Should().Contain("info Starting workspace: token is abc");
    }

    [Fact]
    public async Task A_dry_run_plans_a_start_with_the_values_and_applies_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(Sources, "main.tf"), "variable \"zone\" {}", Ct);
        var job = new Guid("00000000-0000-4000-8000-00000000000c");

        var outcome = await RunAsync(
            $$$$"""
            case $1 in
              plan) echo "$CODER_WORKSPACE_TRANSITION $CODER_WORKSPACE_NAME $CODER_WORKSPACE_ID $CODER_WORKSPACE_OWNER $TF_VAR_zone ${{{{TerraformEnvironment.ParameterVariable("size")}}}} $CODER_WORKSPACE_TEMPLATE_ID" ;;
              show) echo '{"planned_values":{"root_module":{"resources":[{"address":"box.a","mode":"managed","type":"box","name":"a","values":{}}]}}}' ;;
            esac
            """,
            new AcquiredJobJson(
                new JobJson(job, "template_version_dry_run", "running"),
                null,
                null,
                new DryRunJson
                {
                    WorkspaceName = "dev",
                    WorkspaceOwnerName = "ada",
                    RichParameterValues = [new("size", "xl")],
                    VariableValues = [new("zone", "eu")],
                }));

        var done = outcome.Should().BeOfType<JobOutcome.Done>().Subject;
        done.Result.Resources!.Select(resource => $"{resource.Type}.{resource.Name}").Should().Equal("box.a");
        done.State.Should().BeNull();
        _lines.Should().Equal($"info Planning a start: start dev {job} ada eu xl ");
        (await CallsAsync()).Should().Equal(
            "init -input=false -no-color -json",
            "plan -input=false -no-color -json -out=start.tfplan",
            "show -json -no-color start.tfplan");
    }

    [Theory]
    [InlineData("init")]
    [InlineData("plan")]
    [InlineData("show")]
    public async Task A_dry_run_fails_where_Terraform_does(string command)
    {
        var outcome = await RunAsync(
            $"[ $1 != {command} ] || exit 1",
            new AcquiredJobJson(new JobJson(Guid.Empty, "template_version_dry_run", "running"), null, null, new DryRunJson()));

        outcome.Should().BeOfType<JobOutcome.Failed>().Which.Error.Should().StartWith($"terraform {command} failed");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<string[]> CallsAsync() => await File.ReadAllLinesAsync(Calls, Ct);

    private Task<JobOutcome> RunAsync(string script, BuildJson build) => RunAsync(script, new AcquiredJobJson(null, null, build));

    private Task<JobOutcome> RunAsync(string script, AcquiredJobJson job)
    {
        var settings = new TerraformSettings
        {
            Binary = Path.Combine(_folder.FullName, "terraform"),
            Url = CliHarness.Url,
            Patience = TimeSpan.FromSeconds(2),
            Inherited = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        };
        File.WriteAllText(settings.Binary, $"#!/bin/sh\necho \"$@\" >> {Calls}\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.Binary, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new TerraformProvisioner(settings, new FakeTimeProvider())
            .RunAsync(job, Sources, this, Ct);
    }
}
