using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

public sealed class WorkspaceStatusTests
{
    [Theory]
    [InlineData(JobStatus.Pending, "pending pending pending")]
    [InlineData(JobStatus.Running, "starting stopping deleting")]
    [InlineData(JobStatus.Succeeded, "running stopped deleted")]
    [InlineData(JobStatus.Canceling, "canceling canceling canceling")]
    [InlineData(JobStatus.Canceled, "canceled canceled canceled")]
    [InlineData(JobStatus.Failed, "failed failed failed")]
    [InlineData(JobStatus.Unknown, "failed failed failed")]
    public void The_status_follows_from_the_latest_job_and_its_transition(JobStatus job, string ofStartStopDelete) =>
        Enum.GetValues<WorkspaceTransition>().Select(transition => WorkspaceStatuses.Of(job, transition).WireName())
            .Should().Equal(ofStartStopDelete.Split(' '));

    [Theory]
    [InlineData(BuildReason.Dashboard, true)]
    [InlineData(BuildReason.Cli, true)]
    [InlineData(BuildReason.SshConnection, true)]
    [InlineData(BuildReason.VscodeConnection, true)]
    [InlineData(BuildReason.JetbrainsConnection, true)]
    [InlineData(BuildReason.Initiator, false)]
    [InlineData(BuildReason.Autostart, false)]
    [InlineData(BuildReason.Autostop, false)]
    [InlineData(BuildReason.Dormancy, false)]
    [InlineData(BuildReason.FailedStop, false)]
    [InlineData(BuildReason.AutoDelete, false)]
    public void Clients_may_name_five_reasons(BuildReason reason, bool expected) => reason.IsOfClients().Should().Be(expected);
}
