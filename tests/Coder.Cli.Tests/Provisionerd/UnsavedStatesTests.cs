using System.Text;
using Coder.Cli.Provisionerd;

namespace Coder.Cli.Tests.Provisionerd;

/// <summary>What Terraform made is never forgotten: a state that the server does not have stays with the daemon.</summary>
public sealed class UnsavedStatesTests : IDisposable
{
    private const string Ended = "Job has already completed!";
    private static readonly byte[] State = "{\"serial\":2}"u8.ToArray();

    private readonly DaemonScene _scene = new();

    private DaemonServer Server => _scene.Server;

    private string KeptFile => Path.Combine(_scene.UnsavedStates, $"{DaemonServer.Job}.tfstate");

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task A_job_that_the_server_has_ended_leaves_its_state_here(int status)
    {
        Server.PostBuild();
        EndsAtWork(status);

        await _scene.RunUntilAsync("acquire", times: 2);

        ShouldBeKept();
        Server.Names.Should().NotContain(["complete", "fail", "canceled"]);
        _scene.Output.Should().Contain("start ada/dev #1 was ended by the server");
    }

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        Server.PostBuild();
        EndsAtWork();

        await _scene.RunUntilAsync("acquire", times: 2);

        File.GetUnixFileMode(KeptFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_state_that_the_build_began_with_is_no_loss()
    {
        Server.PostBuild(Convert.ToBase64String(State));
        EndsAtWork();

        await _scene.RunUntilAsync("acquire", times: 2);

        Directory.Exists(_scene.UnsavedStates).Should().BeFalse();
        _scene.Output.Should().Contain("was ended by the server").And.NotContain("tfstate");
    }

    [Fact]
    public async Task A_failure_that_finds_the_job_ended_leaves_its_state_here()
    {
        Server.PostBuild();
        _scene.Work = (_, _, _, _) => Task.FromResult<JobOutcome>(new JobOutcome.Failed("No disk.") { State = State });
        Server.Answer("fail", () => throw new HttpRequestException("lost"));
        Server.Answer("fail", 409, $$"""{"message":"{{Ended}}"}""");

        await _scene.RunUntilAsync("acquire", times: 2);

        ShouldBeKept();
        _scene.Output.Should().Contain($"failed: No disk., but this could not be handed in: {Ended}");
    }

    [Fact]
    public async Task A_result_that_finds_the_job_ended_is_there_already_as_long_as_the_server_was_heard_of()
    {
        Server.PostBuild();
        Does();
        Server.Answer("complete", () => throw new HttpRequestException("lost"));
        Server.Answer("complete", 409, $$"""{"message":"{{Ended}}"}""");

        await _scene.RunUntilAsync("acquire", times: 2);

        Directory.Exists(_scene.UnsavedStates).Should().BeFalse();
        _scene.Output.Should().Contain("succeeded").And.NotContain("handed in");
    }

    [Fact]
    public async Task A_result_that_finds_the_job_ended_after_a_long_silence_leaves_its_state_here()
    {
        Server.PostBuild();
        _scene.Work = (_, _, _, _) =>
        {
            Server.IsAway = true;
            return Done();
        };
        var running = _scene.RunAsync();
        await _scene.UntilAsync(() => Server.Names.Contains("complete"));
        var end = _scene.Time.GetUtcNow().AddMinutes(6);
        await _scene.UntilAsync(() => _scene.Time.GetUtcNow() > end);

        Server.Refuse = call => call.Name is "update" or "complete" ? (409, Ended) : null;
        Server.IsAway = false;
        await _scene.UntilAsync(() => Server.Names.Count(name => name == "acquire") == 2);
        _scene.Drain();
        await _scene.UntilAsync(running);

        ShouldBeKept();
        _scene.Output.Should().Contain($"succeeded, but this could not be handed in: {Ended}");
    }

    [Fact]
    public async Task A_state_that_is_too_large_stays_here_and_the_job_says_where()
    {
        Server.PostBuild();
        Does();
        Server.Refuse = call => call.Name is "complete" or "fail" && call.Body.Contains("\"state\"", StringComparison.Ordinal)
            ? (413, "Request body is too large.")
            : null;

        await _scene.RunUntilAsync("acquire", times: 2);

        ShouldBeKept();
        Server.Arrived.Single(call => call.Name == "fail").Json["error"]!.GetValue<string>().Should().Be(
            $"Request body is too large. The server did not take the state; the provisioner daemon has kept it in {KeptFile}.");
        _scene.Output.Should().Contain("succeeded, but this could not be handed in: Request body is too large.");
    }

    [Fact]
    public async Task A_result_that_is_refused_while_its_state_is_taken_leaves_nothing_here()
    {
        Server.PostBuild();
        Does();
        Server.Refuse = call => call.Name == "complete" ? (400, "Validation failed.") : null;

        await _scene.RunUntilAsync("acquire", times: 2);

        Directory.Exists(_scene.UnsavedStates).Should().BeFalse();
        Server.Single("fail").Body.Should().Be("""{"error":"Validation failed.","state":"eyJzZXJpYWwiOjJ9"}""");
    }

    [Fact]
    public async Task Who_is_no_longer_let_in_keeps_the_state()
    {
        Server.PostBuild();
        Does();
        Server.Refuse = call => call.Name == "complete" ? (401, "You are signed out.") : null;

        await _scene.RunUntilAsync("acquire", times: 2);

        ShouldBeKept();
        Server.Names.Should().NotContain("fail");
    }

    [Fact]
    public async Task Who_has_to_end_at_once_while_the_server_is_away_keeps_the_state()
    {
        _scene.Farewell = TimeSpan.FromMilliseconds(100);
        Server.PostBuild();
        var isAtWork = false;
        _scene.Work = async (_, _, _, stop) =>
        {
            Server.IsAway = true;
            isAtWork = true;
            await _scene.WaitAsync(() => stop.IsCancellationRequested);
            return new JobOutcome.Stopped { State = State };
        };
        var running = _scene.RunAsync();
        await _scene.UntilAsync(() => isAtWork);

        _scene.Drain();
        _scene.Abandon();
        await _scene.UntilAsync(running);

        ShouldBeKept();
    }

    [Fact]
    public void Where_the_folder_can_not_be_made_it_is_a_temporary_one()
    {
        var file = Path.GetTempFileName();
        try
        {
            var kept = new UnsavedStates(Path.Combine(file, "unsaved-states")).Keep(DaemonServer.Job, State);

            kept.Is(out var path, out var error).Should().BeTrue(error?.ToString());
            path.Should().StartWith(Path.GetTempPath()).And.EndWith($"{DaemonServer.Job}.tfstate");
            File.ReadAllBytes(path!).Should().Equal(State);
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<JobOutcome> Done() =>
        Task.FromResult<JobOutcome>(new JobOutcome.Done(new CompleteJobJson { Resources = [] }) { State = State });

    private void Does() => _scene.Work = (_, _, _, _) => Done();

    private void EndsAtWork(int status = 409) => _scene.Work = async (_, _, _, stop) =>
    {
        Server.Refuse = call => call.Name == "update" ? (status, Ended) : null;
        await _scene.WaitAsync(() => stop.IsCancellationRequested);
        return new JobOutcome.Stopped { State = State };
    };

    private void ShouldBeKept()
    {
        File.Exists(KeptFile).Should().BeTrue(_scene.Output);
        Encoding.UTF8.GetString(File.ReadAllBytes(KeptFile)).Should().Be(Encoding.UTF8.GetString(State));
        _scene.Output.Should().Contain($"it is kept in {KeptFile}")
            .And.Contain($"PUT {CliHarness.Url}/api/v2/workspacebuilds/{DaemonServer.Build}/state");
    }
}
