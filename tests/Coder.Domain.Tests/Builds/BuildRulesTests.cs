using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Builds;

public sealed class BuildRulesTests
{
    private static readonly Guid Active = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Older = new("00000000-0000-0000-0000-000000000002");
    private static readonly Guid Organization = new("00000000-0000-0000-0000-000000000003");

    [Theory]
    [InlineData(JobStatus.Pending, "NotAcceptable The provided template version is pending. Wait for it to complete importing!")]
    [InlineData(JobStatus.Running, "NotAcceptable The provided template version is running. Wait for it to complete importing!")]
    [InlineData(JobStatus.Canceling, "NotAcceptable The provided template version is canceling. Wait for it to complete importing!")]
    [InlineData(JobStatus.Failed, "Invalid The provided template version \"v\" has failed to import: \"no manifest\". You cannot build workspaces with it!")]
    public void A_version_can_be_built_once_its_import_ended_well(JobStatus import, string refusal)
    {
        var error = BuildRules.JudgeImport("v", import, import == JobStatus.Failed ? "no manifest" : "");

        $"{error!.Kind} {error.Message}".Should().Be(refusal);
        BuildRules.JudgeImport("v", JobStatus.Succeeded, "").Should().BeNull();
    }

    [Fact]
    public void An_import_that_was_canceled_has_no_error_of_its_own()
    {
        var error = BuildRules.JudgeImport("v", JobStatus.Canceled, "");

        error!.Message.Should().Be(
            "The provided template version \"v\" has failed to import: \"canceled\". You cannot build workspaces with it!");
    }

    [Theory]
    [InlineData(BuildReason.Cli, WorkspaceTransition.Start, BuildReason.Cli)]
    [InlineData(BuildReason.Cli, WorkspaceTransition.Stop, BuildReason.Initiator)]
    [InlineData(BuildReason.Dashboard, WorkspaceTransition.Delete, BuildReason.Initiator)]
    [InlineData(null, WorkspaceTransition.Start, BuildReason.Initiator)]
    public void The_reason_of_a_client_is_kept_for_starts_only(BuildReason? requested, WorkspaceTransition transition, BuildReason kept)
    {
        BuildRules.ReasonOf(requested, transition).Should().Be(kept);
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start, true, false, false)]
    [InlineData(WorkspaceTransition.Start, true, true, true)]
    [InlineData(WorkspaceTransition.Stop, true, true, false)]
    [InlineData(WorkspaceTransition.Delete, true, true, false)]
    [InlineData(WorkspaceTransition.Start, false, false, true)]
    public void Without_a_version_the_last_one_is_built_again_unless_starts_need_the_active_one(
        WorkspaceTransition transition, bool hasLast, bool requiresActive, bool isActive)
    {
        var version = BuildRules.VersionOf(transition, Active, hasLast ? Older : null, requiresActive);

        version.Should().Be(isActive ? Active : Older);
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start, true, true)]
    [InlineData(WorkspaceTransition.Start, false, false)]
    [InlineData(WorkspaceTransition.Stop, true, false)]
    [InlineData(WorkspaceTransition.Delete, true, false)]
    public void Only_starts_can_need_the_active_version(WorkspaceTransition transition, bool requiresActive, bool needs)
    {
        var template = new Template
        {
            Id = Organization,
            CreatedAt = default,
            UpdatedAt = default,
            OrganizationId = Organization,
            Name = "template",
            Provisioner = ProvisionerType.Echo,
            ActiveVersionId = Active,
            CreatedBy = Organization,
            RequireActiveVersion = requiresActive,
        };

        BuildRules.NeedsActiveVersion(transition, template, Older).Should().Be(needs);
        BuildRules.NeedsActiveVersion(transition, template, Active).Should().BeFalse();
    }

    [Theory]
    [InlineData(WorkspaceTransition.Start, "You do not have permission to start this workspace.")]
    [InlineData(WorkspaceTransition.Stop, "You do not have permission to stop this workspace.")]
    [InlineData(WorkspaceTransition.Delete, "You do not have permission to delete this workspace.")]
    public void A_refusal_names_what_is_not_permitted(WorkspaceTransition transition, string message)
    {
        var workspace = ObjectRef.Workspace(Older, Active, Organization, dormant: false);

        var refusal = BuildRules.JudgePermission(SystemActors.ConnectionLogger, transition, workspace);

        refusal.Should().Be(new Error(ErrorKind.Forbidden, message));
    }

    [Fact]
    public void Nobody_starts_a_dormant_workspace()
    {
        var dormant = ObjectRef.Workspace(Older, Active, Organization, dormant: true);

        BuildRules.JudgePermission(SystemActors.LifecycleExecutor, WorkspaceTransition.Start, dormant).Should().NotBeNull();
        BuildRules.JudgePermission(SystemActors.LifecycleExecutor, WorkspaceTransition.Delete, dormant).Should().BeNull();
    }

    [Fact]
    public void Stock_can_be_deleted_by_whoever_may_delete_prebuilt_workspaces()
    {
        var stock = ObjectRef.Workspace(Older, SystemActors.PrebuildsUserId, Organization, dormant: false);

        BuildRules.JudgePermission(SystemActors.PrebuildsOrchestrator, WorkspaceTransition.Delete, stock).Should().BeNull();
    }
}
