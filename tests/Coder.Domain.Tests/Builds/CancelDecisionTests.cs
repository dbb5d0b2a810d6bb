using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Tests.Builds;

public sealed class CancelDecisionTests
{
    private const string Canceled = "canceled";
    private const string Completed = "400 Job has already completed!";
    private const string Marked = "400 Job has already been marked as canceled!";
    private const string Refused = "403 User is not allowed to cancel workspace builds. Owner role is required.";
    private const string Garbage = "400 Invalid expect_status \"garbage\". Only 'running' or 'pending' are allowed.";

    private static readonly CancelPermissions Member = new(true, true, TemplateAllowsCancel: true, IsSiteOwner: false);
    private static readonly CancelPermissions TemplateAdmin = Member;
    private static readonly CancelPermissions Owner = Member with { IsSiteOwner = true };

    // What each status answers without the parameter, to somebody who may cancel.
    private static readonly Dictionary<JobStatus, string> Plain = new()
    {
        [JobStatus.Pending] = Canceled,
        [JobStatus.Running] = Canceled,
        [JobStatus.Canceling] = Marked,
        [JobStatus.Canceled] = Completed,
        [JobStatus.Succeeded] = Completed,
        [JobStatus.Failed] = Completed,
    };

    public static TheoryData<JobStatus, string?, bool, string, string> Matrix
    {
        get
        {
            var rows = new TheoryData<JobStatus, string?, bool, string, string>();
            foreach (var (status, plain) in Plain)
            {
                foreach (var allows in new[] { true, false })
                {
                    foreach (var caller in new[] { "member", "template admin", "owner" })
                    {
                        var mayCancel = allows || caller == "owner";
                        foreach (var absent in new[] { null, "" })
                        {
                            rows.Add(status, absent, allows, caller, mayCancel ? plain : Refused);
                        }

                        rows.Add(status, "garbage", allows, caller, Garbage);
                        rows.Add(status, "pending", allows, caller, status == JobStatus.Pending ? Canceled : Unexpected("pending", status));
                        rows.Add(status, "running", allows, caller, !mayCancel ? Refused
                            : status == JobStatus.Running ? Canceled
                            : Unexpected("running", status));
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Status_expectation_template_and_caller_decide(
        JobStatus status, string? expectStatus, bool templateAllows, string caller, string expected)
    {
        var permissions = caller switch { "owner" => Owner, "template admin" => TemplateAdmin, _ => Member } with
        {
            TemplateAllowsCancel = templateAllows,
        };

        var decision = CancelDecision.Of(expectStatus, permissions, status, hasWorker: status != JobStatus.Pending);

        Text(decision).Should().Be(expected);
    }

    [Fact]
    public void The_matrix_is_complete() => Matrix.Should().HaveCount(6 * 5 * 2 * 3);

    [Theory]
    [InlineData("Pending")]
    [InlineData("RUNNING")]
    [InlineData(" pending")]
    [InlineData("canceling")]
    [InlineData("pending,running")]
    public void The_two_names_are_compared_exactly(string text) =>
        Text(CancelDecision.Of(text, Owner, JobStatus.Pending, false))
            .Should().Be($"400 Invalid expect_status \"{text}\". Only 'running' or 'pending' are allowed.");

    [Fact]
    public void Who_may_not_read_the_build_learns_nothing_else()
    {
        var stranger = new CancelPermissions(false, false, true, false);

        CancelDecision.Of("garbage", stranger, JobStatus.Succeeded, false).Error.Should().Be(Error.NotFound);
        CancelDecision.Authorize(JobStatus.Pending, stranger).Should().Be(Error.NotFound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pending")]
    [InlineData("running")]
    public void Who_may_only_read_is_forbidden(string? expectStatus) =>
        CancelDecision.Of(expectStatus, Owner with { MayUpdateWorkspace = false }, JobStatus.Pending, false)
            .Error.Should().Be(Error.Forbidden);

    [Fact]
    public void A_wrong_parameter_comes_before_the_permission() =>
        Text(CancelDecision.Of("garbage", Member with { MayUpdateWorkspace = false }, JobStatus.Pending, false)).Should().Be(Garbage);

    [Theory]
    [InlineData(JobStatus.Pending, false, true)]
    [InlineData(JobStatus.Running, true, false)]
    [InlineData(JobStatus.Running, false, true)]
    public void A_job_that_no_worker_has_is_completed_at_once(JobStatus status, bool hasWorker, bool completes) =>
        CancelDecision.Of(null, Member, status, hasWorker).Should().Be(Result<Cancellation>.From(new Cancellation(completes)));

    private static string Unexpected(string expected, JobStatus got) =>
        $"412 Job is not in the expected state. expected \"{expected}\", got \"{got.WireName()}\"";

    private static string Text(Result<Cancellation> decision) => decision.Match(
        _ => Canceled,
        error => $"{error.Kind.HttpStatus()} {error.Message} {error.Detail}".TrimEnd());
}
