using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

/// <summary>Who may have another deadline: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class DeadlineExtensionTests
{
    private static readonly DateTimeOffset Now = Times.Utc("2026-03-01 12:00");

    [Theory]
    [InlineData("2026-03-01 12:28:59", null, "Cannot extend workspace: new deadline must be at least 30 minutes in the future")]
    [InlineData("2026-03-01 12:29:00", null, null)]
    [InlineData("2026-03-01 12:30:00", null, null)]
    [InlineData("2026-03-01 18:00:00", "2026-03-01 18:00", null)]
    [InlineData("2026-03-01 18:00:01", "2026-03-01 18:00", "Cannot extend workspace beyond max deadline.")]
    [InlineData("2030-01-01 00:00:00", null, null)]
    public void A_deadline_lies_half_an_hour_ahead_and_within_the_limit(string wanted, string? max, string? message)
    {
        var deadline = new Deadline(Times.Utc("2026-03-01 17:00"), Times.UtcOrNull(max));

        var refusal = DeadlineExtension.Judge(Times.Utc(wanted), WorkspaceTransition.Start, JobStatus.Succeeded, deadline, Now);

        refusal?.Message.Should().Be(message);
        (refusal is null).Should().Be(message is null);
    }

    [Theory]
    [InlineData(null, "The deadline may lie at 2026-03-01T12:30:00Z or later.")]
    [InlineData("2026-03-01 18:00", "The deadline may lie between 2026-03-01T12:30:00Z and 2026-03-01T18:00:00Z.")]
    public void A_refusal_says_what_is_allowed(string? max, string detail)
    {
        var deadline = new Deadline(Times.Utc("2026-03-01 17:00"), Times.UtcOrNull(max));

        var refusal = DeadlineExtension.Judge(Now, WorkspaceTransition.Start, JobStatus.Succeeded, deadline, Now);

        refusal.Should().Be(new Error(
            ErrorKind.Invalid, "Cannot extend workspace: new deadline must be at least 30 minutes in the future", detail));
    }

    [Theory]
    [InlineData(WorkspaceTransition.Stop, JobStatus.Succeeded, true, "Workspace must be started, current status: stop")]
    [InlineData(WorkspaceTransition.Delete, JobStatus.Running, true, "Workspace must be started, current status: delete")]
    [InlineData(WorkspaceTransition.Start, JobStatus.Pending, true, "Workspace is still building!")]
    [InlineData(WorkspaceTransition.Start, JobStatus.Running, true, "Workspace is still building!")]
    [InlineData(WorkspaceTransition.Start, JobStatus.Canceling, true, "Workspace is still building!")]
    [InlineData(WorkspaceTransition.Start, JobStatus.Succeeded, false, "Workspace shutdown is manual.")]
    public void Only_what_runs_and_has_a_deadline_gets_another_one(
        WorkspaceTransition transition, JobStatus job, bool hasDeadline, string message)
    {
        var deadline = hasDeadline ? new Deadline(Now.AddHours(5), null) : Deadline.None;

        var refusal = DeadlineExtension.Judge(Now.AddHours(1), transition, job, deadline, Now);

        refusal.Should().Be(new Error(ErrorKind.Conflict, message));
    }
}
