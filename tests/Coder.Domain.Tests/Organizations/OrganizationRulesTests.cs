using Coder.Domain.Common;
using Coder.Domain.Organizations;
using static Coder.Domain.Organizations.OrganizationContentKind;

namespace Coder.Domain.Tests.Organizations;

public sealed class OrganizationRulesTests
{
    private static readonly Organization Acme = new()
    {
        Id = new Guid("00000000-0000-4000-8000-00000000000a"),
        Name = "acme",
        DisplayName = "Acme",
        Description = "",
        Icon = "",
        CreatedAt = default,
        UpdatedAt = default,
        IsDefault = false,
    };

    [Theory]
    [InlineData("default")]
    [InlineData("DEFAULT")]
    public void The_word_for_the_default_organization_is_reserved_in_every_case(string name)
    {
        OrganizationRules.Reserved(name).Should().Be(new Error(ErrorKind.Invalid, $"Organization name \"{name}\" is reserved."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("defaults")]
    [InlineData("coder")]
    public void Other_names_are_free(string name)
    {
        OrganizationRules.Reserved(name).Should().BeNull();
    }

    [Fact]
    public void An_empty_organization_may_go()
    {
        OrganizationRules.Deletion(Acme, []).Should().BeNull();
        OrganizationRules.Deletion(Acme, [new OrganizationContent(Member, 0), new OrganizationContent(Group, 0)]).Should().BeNull();
    }

    [Fact]
    public void The_default_organization_stays_even_when_empty()
    {
        OrganizationRules.Deletion(Acme with { IsDefault = true }, [new OrganizationContent(Workspace, 1)])
            .Should().Be(new Error(ErrorKind.Invalid, "Default organization cannot be deleted."));
    }

    [Fact]
    public void What_is_left_is_listed_in_a_fixed_order_with_its_number()
    {
        var refusal = OrganizationRules.Deletion(Acme, [new OrganizationContent(Template, 1), new OrganizationContent(Workspace, 2)]);

        refusal.Should().Be(new Error(
            ErrorKind.Conflict,
            "Error deleting organization.",
            "This organization has 2 workspaces, 1 template that must be deleted first."));
    }

    [Fact]
    public void Every_kind_has_a_name_in_singular_and_plural()
    {
        var kinds = Enum.GetValues<OrganizationContentKind>();

        var one = OrganizationRules.Deletion(Acme, [.. kinds.Select(k => new OrganizationContent(k, 1))]);
        var many = OrganizationRules.Deletion(Acme, [.. kinds.Reverse().Select(k => new OrganizationContent(k, 1234))]);

        one!.Detail.Should().Be(
            "This organization has 1 workspace, 1 template, 1 member, 1 group, 1 provisioner key that must be deleted first.");
        many!.Detail.Should().Be(
            "This organization has 1234 workspaces, 1234 templates, 1234 members, 1234 groups, 1234 provisioner keys that must be deleted first.");
    }
}
