using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Tests.Provisioning;

public sealed class QueuePriorityTests
{
    private static readonly Guid Somebody = new("a0000000-0000-4000-8000-00000000000a");
    private static readonly Guid Prebuilds = SystemActors.PrebuildsUserId;

    [Fact]
    public void Only_the_stock_of_prebuilt_workspaces_waits_behind_the_others()
    {
        QueuePriorities.OfBuild(Somebody, Somebody).Should().Be(QueuePriority.Awaited);
        QueuePriorities.OfBuild(Prebuilds, Prebuilds).Should().Be(QueuePriority.Stock);
        QueuePriorities.OfImport.Should().Be(QueuePriority.Awaited);
    }

    [Fact]
    public void A_claim_counts_as_the_new_owners() =>
        QueuePriorities.OfBuild(initiator: Prebuilds, workspaceOwner: Somebody).Should().Be(QueuePriority.Awaited);

    [Fact]
    public void Somebody_who_deletes_a_prebuilt_workspace_is_waiting() =>
        QueuePriorities.OfBuild(initiator: Somebody, workspaceOwner: Prebuilds).Should().Be(QueuePriority.Awaited);

    [Fact]
    public void The_values_are_those_of_the_column() => ((int)QueuePriority.Awaited, (int)QueuePriority.Stock).Should().Be((0, 1));
}
