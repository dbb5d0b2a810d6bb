using Coder.Domain.Common;
using Coder.Domain.Groups;
using Coder.Domain.Users;

namespace Coder.Domain.Tests.Groups;

public sealed class GroupRulesTests
{
    private static readonly Guid Organization = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid User = new("00000000-0000-0000-0000-000000000002");

    private static readonly Group Developers = new()
    {
        Id = new Guid("00000000-0000-0000-0000-000000000003"),
        Name = "developers",
        DisplayName = "Developers",
        OrganizationId = Organization,
        AvatarUrl = "https://example.com/a.png",
        QuotaAllowance = 5,
        Source = GroupSource.User,
    };

    private static readonly Group Everyone = Developers with { Id = Organization, Name = "Everyone", DisplayName = "" };

    private static readonly GroupChange Nothing = new(null, null, null, null, [], []);

    [Fact]
    public void What_is_not_given_stays_as_it_is_and_so_does_a_name_given_as_empty()
    {
        Nothing.ApplyTo(Developers).Should().Be(Developers);
        (Nothing with { Name = "" }).ApplyTo(Developers).Should().Be(Developers);
    }

    [Fact]
    public void What_is_given_is_taken_even_when_it_is_empty_or_zero()
    {
        var change = new GroupChange("testers", "", "", 0, [], []);

        change.ApplyTo(Developers).Should().Be(Developers with { Name = "testers", DisplayName = "", AvatarUrl = "", QuotaAllowance = 0 });
    }

    [Theory]
    [InlineData("Everyone")]
    [InlineData("everyone")]
    public void No_other_group_can_have_the_name_of_the_Everyone_group(string name)
    {
        GroupRules.JudgeName(name).Should().Match<Error>(e => e.Kind == ErrorKind.Invalid && e.Message == "Invalid group name.");
        GroupRules.JudgeChange(Developers, Nothing with { Name = name })!.Message.Should().Be("Invalid group name.");
    }

    [Fact]
    public void The_Everyone_group_is_neither_renamed_nor_deleted()
    {
        GroupRules.JudgeChange(Everyone, Nothing with { Name = "all" })!.Kind.Should().Be(ErrorKind.Invalid);
        GroupRules.JudgeChange(Everyone, Nothing with { DisplayName = "All" })!.Kind.Should().Be(ErrorKind.Invalid);
        GroupRules.JudgeDeletion(Everyone)!.Kind.Should().Be(ErrorKind.Invalid);
        GroupRules.JudgeDeletion(Developers).Should().BeNull();
    }

    [Fact]
    public void The_members_of_the_Everyone_group_can_not_be_chosen()
    {
        GroupRules.JudgeChange(Everyone, Nothing with { AddUsers = [User] })!.Kind.Should().Be(ErrorKind.Forbidden);
        GroupRules.JudgeChange(Everyone, Nothing with { RemoveUsers = [User] })!.Kind.Should().Be(ErrorKind.Forbidden);
    }

    [Fact]
    public void Everything_else_of_the_Everyone_group_can_be_changed()
    {
        var change = new GroupChange("Everyone", "", "https://example.com/b.png", 10, [], []);

        GroupRules.JudgeChange(Everyone, change).Should().BeNull();
    }

    [Theory]
    [InlineData("nobody", "ID \"nobody\" must be a valid user UUID.")]
    [InlineData("", "ID \"\" must be a valid user UUID.")]
    [InlineData(null, "ID \"\" must be a valid user UUID.")]
    public void A_user_is_named_by_a_UUID(string? text, string message) =>
        GroupRules.ParseUsers([User.ToString(), text]).Error!.Message.Should().Be(message);

    [Fact]
    public void Nobody_is_added_twice()
    {
        GroupRules.JudgeAdded([User, User], newMembers: 1)!.Message.Should().Be("Cannot add the same user to a group twice!");
        GroupRules.JudgeAdded([User], newMembers: 0)!.Message.Should().Be("Cannot add the same user to a group twice!");
        GroupRules.JudgeAdded([User], newMembers: 1).Should().BeNull();
    }

    [Theory]
    [InlineData(GroupSource.User, "user")]
    [InlineData(GroupSource.Oidc, "oidc")]
    public void A_source_has_a_name(GroupSource source, string name)
    {
        source.WireName().Should().Be(name);
        GroupSources.Of(name).Should().Be(source);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Team-1", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("new", false)]
    [InlineData("create", false)]
    [InlineData("a b", false)]
    [InlineData("-a", false)]
    [InlineData("a--b", false)]
    [InlineData("a\n", false)]
    public void A_group_name_is_made_of_letters_digits_and_single_hyphens(string? name, bool isValid) =>
        NameRules.IsGroupName(name).Should().Be(isValid);

    [Fact]
    public void A_group_name_has_at_most_255_characters_and_a_display_name_64()
    {
        NameRules.IsGroupName(new string('a', 255)).Should().BeTrue();
        NameRules.IsGroupName(new string('a', 256)).Should().BeFalse();
        NameRules.IsDisplayName(new string('é', 64)).Should().BeTrue();
        NameRules.IsDisplayName(new string('é', 65)).Should().BeFalse();
        NameRules.IsDisplayName(" a").Should().BeFalse();
        NameRules.IsDisplayName("").Should().BeTrue();
    }
}
