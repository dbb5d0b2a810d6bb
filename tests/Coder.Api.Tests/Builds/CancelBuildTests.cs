using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class CancelBuildTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private const string Canceled = "200 Job has been marked as canceled...";
    private const string Completed = "400 Job has already completed!";
    private const string Marked = "400 Job has already been marked as canceled!";
    private const string Refused = "403 User is not allowed to cancel workspace builds. Owner role is required.";
    private const string Garbage = "400 Invalid expect_status \"garbage\". Only 'running' or 'pending' are allowed.";
    private const string Unexpected = "412 Job is not in the expected state.";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // What each status answers without the parameter, to somebody who may cancel.
    private static readonly Dictionary<RowJob, string> Plain = new()
    {
        [RowJob.Pending] = Canceled,
        [RowJob.Running] = Canceled,
        [RowJob.Canceling] = Marked,
        [RowJob.Canceled] = Completed,
        [RowJob.Succeeded] = Completed,
        [RowJob.Failed] = Completed,
    };

    private TestDatabase Database => fixture.Server.Database;

    /// <summary>Status, parameter, whether the template allows it, and who asks.</summary>
    public static TheoryData<RowJob, string?, bool, string> Matrix
    {
        get
        {
            var rows = new TheoryData<RowJob, string?, bool, string>();
            foreach (var status in Plain.Keys)
            {
                foreach (var expect in new[] { null, "pending", "running", "", "garbage" })
                {
                    foreach (var allows in new[] { true, false })
                    {
                        rows.Add(status, expect, allows, "member");
                        rows.Add(status, expect, allows, "template-admin");
                        rows.Add(status, expect, allows, "owner");
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task The_answer_depends_on_status_parameter_template_and_caller(RowJob status, string? expect, bool allows, string role)
    {
        using var caller = await fixture.Server.AddUserAsync(role == "member" ? [] : [role], Ct);
        var workspace = await WorkspaceAsync(caller, status, allows);
        var before = await StatusAsync(workspace);

        var answer = await CancelAsync(caller.Client, workspace, expect);

        var expected = Expected(status, expect, allows || role == "owner");
        answer.Should().Be(expected);
        (await StatusAsync(workspace)).Should().Be(expected != Canceled ? before : status == RowJob.Pending ? "canceled" : "canceling");
    }

    [Theory]
    [InlineData(RowJob.Running, "pending", "expected \"pending\", got \"running\"")]
    [InlineData(RowJob.Succeeded, "running", "expected \"running\", got \"succeeded\"")]
    public async Task An_unexpected_status_is_named(RowJob status, string expect, string detail)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await WorkspaceAsync(member, status, allows: true);

        var problem = await (await member.Client.PatchAsync(Path(workspace.BuildId, expect), null, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.PreconditionFailed, Detail = detail });
    }

    [Fact]
    public async Task A_build_that_may_not_be_read_is_not_there_and_that_comes_before_the_parameter()
    {
        using var owner = await fixture.Server.AddUserAsync(Ct);
        using var stranger = await fixture.Server.AddUserAsync(Ct);
        var workspace = await WorkspaceAsync(owner, RowJob.Pending, allows: true);

        (await CancelAsync(stranger.Client, workspace, "garbage")).Should()
            .Be("404 Resource not found or you do not have access to this resource");
        (await AnswerAsync(owner.Client, "nothing", "garbage")).Should().Be("400 Invalid UUID \"nothing\".");
        (await AnswerAsync(owner.Client, TestIds.New().ToString(), null)).Should().StartWith("404 ");
    }

    [Fact]
    public async Task Whoever_may_only_read_the_workspace_may_not_cancel()
    {
        using var owner = await fixture.Server.AddUserAsync(Ct);
        using var reader = await fixture.Server.AddUserAsync(["template-admin"], Ct);
        var workspace = await WorkspaceAsync(owner, RowJob.Pending, allows: true);

        (await CancelAsync(reader.Client, workspace, "pending")).Should().Be("403 Forbidden.");
        (await StatusAsync(workspace)).Should().Be("pending");
    }

    [Fact]
    public async Task A_job_that_nobody_has_ends_at_once_even_when_it_says_that_it_runs()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var workspace = await WorkspaceAsync(member, RowJob.Running, allows: true);
        await Database.ExecuteAsync("update provisioner_jobs set worker_id = null where id = $1", Ct, workspace.JobId);

        (await CancelAsync(member.Client, workspace, null)).Should().Be(Canceled);
        (await StatusAsync(workspace)).Should().Be("canceled");
    }

    private static string Expected(RowJob status, string? expect, bool mayCancel) => expect switch
    {
        "garbage" => Garbage,
        "pending" => status == RowJob.Pending ? Canceled : Unexpected,
        _ when !mayCancel => Refused,
        "running" => status == RowJob.Running ? Canceled : Unexpected,
        _ => Plain[status],
    };

    private async Task<WorkspaceRow> WorkspaceAsync(TestUser owner, RowJob status, bool allows)
    {
        var template = await fixture.TemplateAsync(Ct);
        await Database.ExecuteAsync("update templates set allow_user_cancel_workspace_jobs = $2 where id = $1", Ct, template.Id, allows);
        var workspace = await Database.AddWorkspaceAsync(template, owner.Id, new NewWorkspace { Job = status }, Ct);
        if (status is RowJob.Running or RowJob.Canceling)
        {
            await Database.ExecuteAsync("update provisioner_jobs set worker_id = $2 where id = $1", Ct, workspace.JobId, TestIds.New());
        }

        return workspace;
    }

    private Task<string?> StatusAsync(WorkspaceRow workspace) =>
        Database.ScalarAsync<string>("select job_status::text from provisioner_jobs where id = $1", Ct, workspace.JobId);

    private static Task<string> CancelAsync(HttpClient client, WorkspaceRow workspace, string? expect) =>
        AnswerAsync(client, workspace.BuildId.ToString(), expect);

    private static async Task<string> AnswerAsync(HttpClient client, string build, string? expect)
    {
        using var response = await client.PatchAsync(Path(build, expect), null, Ct);
        var body = await response.JsonAsync(Ct);
        return $"{(int)response.StatusCode} {body.Text("message")}";
    }

    private static string Path(object build, string? expect) =>
        $"/api/v2/workspacebuilds/{build}/cancel{(expect is null ? "" : $"?expect_status={expect}")}";
}
