using Coder.Domain.Authorization;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

public sealed class CustomRolesTests
{
    private static readonly ObjectRef TemplateInA = ObjectRef.Template(Thing, OrgA, null, null);
    private static readonly ObjectRef TemplateInB = ObjectRef.Template(Thing, OrgB, null, null);

    [Fact]
    public void A_custom_role_grants_in_its_organization_to_those_who_hold_it()
    {
        var role = Custom(OrgA, Grant(ResourceType.Template, PermissionAction.Update));

        Authorizer.Can(Holder(OrgA, role), PermissionAction.Update, TemplateInA).Should().BeTrue();
        Authorizer.Can(Holder(OrgA, role), PermissionAction.Delete, TemplateInA).Should().BeFalse();
        Authorizer.Can(Actor(organizations: [In(OrgA)], customRoles: [role]), PermissionAction.Update, TemplateInA).Should().BeFalse();
    }

    [Fact]
    public void The_same_name_in_two_organizations_means_two_roles()
    {
        var inA = Custom(OrgA, Grant(ResourceType.Template, PermissionAction.Update));
        var inB = Custom(OrgB, Grant(ResourceType.Template, PermissionAction.Delete));
        var actor = Actor(organizations: [In(OrgA, "helper"), In(OrgB, "helper")], customRoles: [inA, inB]);

        Authorizer.Can(actor, PermissionAction.Update, TemplateInA).Should().BeTrue();
        Authorizer.Can(actor, PermissionAction.Update, TemplateInB).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Delete, TemplateInB).Should().BeTrue();
    }

    [Fact]
    public void A_negated_line_takes_away_what_other_roles_of_the_organization_grant()
    {
        var role = Custom(OrgA, Deny(ResourceType.Template, PermissionAction.Delete));
        var actor = Actor(organizations: [In(OrgA, "organization-template-admin", "helper")], customRoles: [role]);

        Authorizer.Can(actor, PermissionAction.Delete, TemplateInA).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Update, TemplateInA).Should().BeTrue();
    }

    [Fact]
    public void A_wildcard_stands_for_what_the_types_know()
    {
        var everything = Custom(OrgA, new PermissionRule(Negate: false, Type: null, Action: null));

        var allowed = RoleTable.Allowed(
            Holder(OrgA, everything),
            type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(RoleTable.Parse("everything"));
    }

    [Fact]
    public void A_wildcard_deny_leaves_nothing_of_the_organization()
    {
        var nothing = Custom(OrgA, new PermissionRule(Negate: true, Type: null, Action: null));
        var actor = Actor(organizations: [In(OrgA, "organization-admin", "helper")], customRoles: [nothing]);

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Me, Organization = OrgA });

        allowed.Should().BeEquivalentTo(["assign_role:read", "oauth2_app:read", "workspace_proxy:read", "user:read"]);
    }

    [Fact]
    public void Reading_the_audit_log_implies_reading_the_connection_log_of_that_organization()
    {
        var actor = Holder(OrgA, Custom(OrgA, Grant(ResourceType.AuditLog, PermissionAction.Read)));

        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgA, ResourceType.ConnectionLog)).Should().BeTrue();
        Authorizer.Can(actor, PermissionAction.Update, ObjectRef.In(OrgA, ResourceType.ConnectionLog)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgB, ResourceType.ConnectionLog)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, new ObjectRef(ResourceType.ConnectionLog)).Should().BeFalse();
    }

    [Fact]
    public void Reading_the_connection_log_does_not_imply_reading_the_audit_log()
    {
        var actor = Holder(OrgA, Custom(OrgA, Grant(ResourceType.ConnectionLog, PermissionAction.Read)));

        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgA, ResourceType.AuditLog)).Should().BeFalse();
    }

    [Fact]
    public void The_implied_log_is_not_readable_where_it_is_denied()
    {
        var actor = Holder(OrgA, Custom(
            OrgA,
            Grant(ResourceType.AuditLog, PermissionAction.Read),
            Deny(ResourceType.ConnectionLog, PermissionAction.Read)));

        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgA, ResourceType.ConnectionLog)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgA, ResourceType.AuditLog)).Should().BeTrue();
    }

    [Fact]
    public void A_denied_audit_log_implies_nothing()
    {
        var actor = Holder(OrgA, Custom(
            OrgA,
            Grant(ResourceType.AuditLog, PermissionAction.Read),
            Deny(ResourceType.AuditLog, PermissionAction.Read)));

        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(OrgA, ResourceType.ConnectionLog)).Should().BeFalse();
    }

    [Theory]
    [InlineData("template", "use", true)]
    [InlineData("*", "read", true)]
    [InlineData("template", "*", true)]
    [InlineData("*", "*", true)]
    [InlineData("template", "ssh", false)]
    [InlineData("templates", "read", false)]
    [InlineData("template", "look", false)]
    [InlineData("", "read", false)]
    [InlineData("template", null, false)]
    public void A_stored_line_is_understood_when_its_type_knows_its_action(string type, string? action, bool expected)
    {
        PermissionRule.TryParse(negate: true, type, action, out var rule).Should().Be(expected);

        rule.Negate.Should().Be(expected);
        rule.IsWildcard.Should().Be(!expected || type == "*" || action == "*");
    }

    private static CustomRole Custom(Guid organization, params PermissionRule[] rules) => new("helper", "Helper", organization, rules);

    private static Actor Holder(Guid organization, CustomRole role) =>
        Actor(organizations: [In(organization, role.Name)], customRoles: [role]);
}
