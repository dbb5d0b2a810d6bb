using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class FeatureSwitchesTests
{
    [Fact]
    public void A_default_server_has_nine_switches_on() =>
        FeatureNames.All.Where(FeatureSwitches.Default.IsOn).Select(x => x.WireName()).Should().Equal(
            "audit_log",
            "connection_log",
            "template_rbac",
            "external_provisioner_daemons",
            "advanced_template_scheduling",
            "workspace_proxy",
            "user_role_management",
            "access_control",
            "control_shared_ports");

    [Fact]
    public void A_switch_is_set_on_a_copy()
    {
        var on = FeatureSwitches.None.With(FeatureName.WorkspaceExternalAgent, true);

        var off = on.With(FeatureName.WorkspaceExternalAgent, false);

        on.IsOn(FeatureName.WorkspaceExternalAgent).Should().BeTrue();
        FeatureNames.All.Should().ContainSingle(x => on.IsOn(x));
        off.Should().Be(FeatureSwitches.None);
    }
}
