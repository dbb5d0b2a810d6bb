using Coder.Domain.Authorization;

namespace Coder.Domain.Tests.Authorization;

public sealed class ResourceTypesTests
{
    [Fact]
    public void Every_type_knows_exactly_the_actions_of_the_table()
    {
        var known = RoleTable.EveryPair.Where(p => p.Type.Knows(p.Action)).Select(p => p.ToString());

        known.Should().BeEquivalentTo(RoleTable.Parse(RoleTable.Actions));
    }

    [Fact]
    public void Every_name_of_the_wire_leads_back_to_its_type()
    {
        foreach (var type in ResourceTypes.All)
        {
            ResourceTypes.TryParse(type.WireName(), out var parsed).Should().BeTrue();
            parsed.Should().Be(type);
        }
    }

    [Fact]
    public void Every_name_of_the_wire_leads_back_to_its_action()
    {
        foreach (var action in PermissionActions.All)
        {
            PermissionActions.TryParse(action.WireName(), out var parsed).Should().BeTrue();
            parsed.Should().Be(action);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("Workspace")]
    [InlineData("workspaces")]
    [InlineData("READ")]
    public void Names_compare_exactly_and_the_wildcard_is_no_name(string? name)
    {
        ResourceTypes.TryParse(name, out _).Should().BeFalse();
        PermissionActions.TryParse(name, out _).Should().BeFalse();
    }

    [Fact]
    public void There_are_as_many_actions_as_a_mask_has_bits()
    {
        PermissionActions.All.Should().HaveCount(16);
    }
}
