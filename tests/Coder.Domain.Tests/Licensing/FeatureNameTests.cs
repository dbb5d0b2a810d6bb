using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class FeatureNameTests
{
    public static TheoryData<int, string, string, bool, bool, bool> Catalogue => new()
    {
        { 1, "user_limit", "User Limit", false, false, false },
        { 2, "audit_log", "Audit Log", false, true, true },
        { 3, "connection_log", "Connection Log", false, true, true },
        { 4, "browser_only", "Browser Only", false, true, true },
        { 5, "scim", "SCIM", false, true, true },
        { 6, "template_rbac", "Template RBAC", false, true, true },
        { 7, "high_availability", "High Availability", true, true, true },
        { 8, "multiple_external_auth", "Multiple External Auth", true, true, true },
        { 9, "external_provisioner_daemons", "External Provisioner Daemons", true, true, true },
        { 10, "appearance", "Appearance", true, true, true },
        { 11, "advanced_template_scheduling", "Advanced Template Scheduling", false, true, true },
        { 12, "workspace_proxy", "Workspace Proxy", false, true, true },
        { 13, "user_role_management", "User Role Management", false, true, true },
        { 14, "external_token_encryption", "External Token Encryption", false, true, true },
        { 15, "workspace_batch_actions", "Workspace Batch Actions", true, true, true },
        { 16, "access_control", "Access Control", false, true, true },
        { 17, "control_shared_ports", "Control Shared Ports", false, true, true },
        { 18, "custom_roles", "Custom Roles", true, false, true },
        { 19, "multiple_organizations", "Multiple Organizations", true, false, true },
        { 20, "workspace_prebuilds", "Workspace Prebuilds", true, true, true },
        { 21, "managed_agent_limit", "Managed Agent Limit", false, false, false },
        { 22, "workspace_external_agent", "Workspace External Agent", true, true, true },
    };

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_feature_is_what_the_catalogue_says(
        int number, string wire, string display, bool alwaysOn, bool inEnterprise, bool inPremium)
    {
        var feature = FeatureNames.All[number - 1];

        var parsed = FeatureNames.TryParse(wire, out var found);

        parsed.Should().BeTrue();
        found.Should().Be(feature);
        feature.WireName().Should().Be(wire);
        feature.DisplayName().Should().Be(display);
        feature.IsAlwaysOnWhenEntitled().Should().Be(alwaysOn);
        FeatureSet.Enterprise.Includes(feature).Should().Be(inEnterprise);
        FeatureSet.Premium.Includes(feature).Should().Be(inPremium);
        FeatureSet.None.Includes(feature).Should().BeFalse();
        FeatureSet.Unknown.Includes(feature).Should().BeFalse();
    }

    [Fact]
    public void There_are_22_features() => FeatureNames.All.Should().HaveCount(22).And.BeInAscendingOrder();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Audit_Log")]
    [InlineData("managed_agent_limit_soft")]
    [InlineData("AuditLog")]
    public void Other_names_are_no_features(string? name) => FeatureNames.TryParse(name, out _).Should().BeFalse();

    [Fact]
    public void Premium_is_a_strict_superset_of_enterprise()
    {
        var enterprise = FeatureNames.All.Where(x => FeatureSet.Enterprise.Includes(x));
        var premium = FeatureNames.All.Where(x => FeatureSet.Premium.Includes(x));

        premium.Except(enterprise).Should().Equal(FeatureName.CustomRoles, FeatureName.MultipleOrganizations);
        enterprise.Except(premium).Should().BeEmpty();
    }

    [Theory]
    [InlineData(null, FeatureSet.None)]
    [InlineData("", FeatureSet.None)]
    [InlineData("premium", FeatureSet.Premium)]
    [InlineData("PreMium", FeatureSet.Premium)]
    [InlineData("ENTERPRISE", FeatureSet.Enterprise)]
    [InlineData("platinum", FeatureSet.Unknown)]
    [InlineData(" premium", FeatureSet.Unknown)]
    public void A_feature_set_is_read_without_regard_to_case(string? claim, FeatureSet expected) =>
        FeatureSets.FromClaim(claim).Should().Be(expected);

    [Theory]
    [InlineData(Entitlement.Entitled, "entitled", 2)]
    [InlineData(Entitlement.GracePeriod, "grace_period", 1)]
    [InlineData(Entitlement.NotEntitled, "not_entitled", -1)]
    public void An_entitlement_has_a_name_and_a_weight(Entitlement entitlement, string name, int weight)
    {
        entitlement.WireName().Should().Be(name);
        entitlement.Weight().Should().Be(weight);
    }

    [Fact]
    public void An_unknown_entitlement_weighs_least_and_has_no_name()
    {
        const Entitlement Unknown = (Entitlement)99;

        var name = () => Unknown.WireName();

        Unknown.Weight().Should().Be(-2);
        name.Should().Throw<ArgumentOutOfRangeException>();
    }
}
