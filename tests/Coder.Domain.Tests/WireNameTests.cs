using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests;

/// <summary>The names that clients and the database know, enumeration by enumeration.</summary>
public sealed class WireNameTests
{
    [Fact]
    public void Provisioning()
    {
        Check<JobStatus>(JobStatuses.WireName, JobStatuses.TryParse, "pending running succeeded canceling canceled failed unknown");
        Check<JobType>(JobTypes.WireName, JobTypes.TryParse, "template_version_import workspace_build template_version_dry_run");
        Check<ProvisionerType>(ProvisionerTypes.WireName, ProvisionerTypes.TryParse, "echo terraform");
        Check<PrebuildStage>(PrebuildStages.WireName, PrebuildStages.TryParse, "none create claim");
        Check<LogLevel>(LogLevels.WireName, LogLevels.TryParse, "trace debug info warn error");
        Check<LogSource>(LogSources.WireName, LogSources.TryParse, "provisioner_daemon provisioner");
    }

    [Fact]
    public void Workspaces()
    {
        Check<WorkspaceTransition>(WorkspaceTransitions.WireName, WorkspaceTransitions.TryParse, "start stop delete");
        Check<AutomaticUpdates>(AutomaticUpdatesNames.WireName, AutomaticUpdatesNames.TryParse, "always never");
        Check<WorkspaceStatus>(
            WorkspaceStatuses.WireName,
            WorkspaceStatuses.TryParse,
            "pending starting running stopping stopped failed canceling canceled deleting deleted");
        Check<BuildReason>(
            BuildReasons.WireName,
            BuildReasons.TryParse,
            "initiator autostart autostop dormancy failedstop autodelete dashboard cli ssh_connection vscode_connection jetbrains_connection");
    }

    [Fact]
    public void Templates()
    {
        Check<ParameterType>(ParameterTypes.WireName, ParameterTypes.TryParse, "string number bool list(string)");
        Check<ParameterFormType>(ParameterFormTypes.WireName, ParameterFormTypes.TryParse, "radio dropdown input textarea slider checkbox switch tag-select multi-select");
        Check<MonotonicOrder>(MonotonicOrders.WireName, MonotonicOrders.TryParse, " increasing decreasing");
        Check<ResourcePresence>(ResourcePresences.WireName, ResourcePresences.TryParse, "started always");
        Check<AgentOperatingSystem>(AgentOperatingSystems.WireName, AgentOperatingSystems.TryParse, "linux darwin windows");
        Check<AgentArchitecture>(AgentArchitectures.WireName, AgentArchitectures.TryParse, "amd64 arm64 armv7");
        Check<DisplayApp>(DisplayApps.WireName, DisplayApps.TryParse, "vscode vscode_insiders web_terminal port_forwarding_helper ssh_helper");
        Check<AppSharingLevel>(AppSharingLevels.WireName, AppSharingLevels.TryParse, "owner authenticated organization public");
        Check<AppOpenIn>(AppOpenIns.WireName, AppOpenIns.TryParse, "slim-window tab");
        Check<ProvisionPhase>(ProvisionPhases.WireName, ProvisionPhases.TryParse, "import start stop delete");
    }

    private delegate bool Parser<T>(string? name, out T value);

    private static void Check<T>(Func<T, string> write, Parser<T> parse, string expected)
        where T : struct, Enum
    {
        Enum.GetValues<T>().Select(write).Should().Equal(expected.Split(' '));
        foreach (var value in Enum.GetValues<T>())
        {
            parse(write(value), out var again).Should().BeTrue();
            again.Should().Be(value);
            parse(write(value) + " ", out _).Should().BeFalse();
            (write(value).Length > 0 && parse(write(value).ToUpperInvariant(), out _)).Should().BeFalse();
        }

        parse(null, out _).Should().BeFalse();
        parse("something else", out _).Should().BeFalse();
        FluentActions.Invoking(() => write((T)Enum.ToObject(typeof(T), 99))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => write((T)Enum.ToObject(typeof(T), -1))).Should().Throw<ArgumentOutOfRangeException>();
    }
}
