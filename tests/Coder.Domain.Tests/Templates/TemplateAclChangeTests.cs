using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

public sealed class TemplateAclChangeTests
{
    private const string One = "00000000-0000-0000-0000-000000000001";
    private const string Two = "00000000-0000-0000-0000-000000000002";
    private const string Message = "Invalid request to update template ACL";

    private static readonly Dictionary<string, string?> Nothing = new(StringComparer.Ordinal);

    [Fact]
    public void Every_role_is_read()
    {
        var change = Parse(new(StringComparer.Ordinal) { [One] = "admin", [Two] = "" }, new(StringComparer.Ordinal) { [Two] = "use", [One] = null });

        var (one, two) = (new Guid(One), new Guid(Two));
        change.Users.Should().Equal(new TemplateGrant(one, TemplateRole.Admin), new TemplateGrant(two, TemplateRole.None));
        change.Groups.Should().Equal(new TemplateGrant(one, TemplateRole.None), new TemplateGrant(two, TemplateRole.Use));
    }

    [Fact]
    public void The_order_does_not_matter()
    {
        var one = Parse(new(StringComparer.Ordinal) { [One] = "admin", [Two] = "use" }, Nothing);
        var other = Parse(new(StringComparer.Ordinal) { [Two] = "use", [One] = "admin" }, Nothing);

        other.Users.Should().Equal(one.Users);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named()
    {
        var error = TemplateAclChange.Parse(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["x"] = "use", [One] = "owner" }, new Dictionary<string, string?>(StringComparer.Ordinal) { [Two] = "Use" }).Error!;

        error.Should().BeEquivalentTo(new Error(ErrorKind.Invalid, Message, null,
        [
            new FieldError("user_perms", "role \"owner\" is not a valid template role"),
            new FieldError("user_perms", "x is not a valid UUID."),
            new FieldError("group_perms", "role \"Use\" is not a valid template role"),
        ]));
    }

    [Fact]
    public void Only_a_removal_may_name_what_does_not_exist()
    {
        var change = Parse(new(StringComparer.Ordinal) { [One] = "use", [Two] = "" }, new(StringComparer.Ordinal) { [One] = "", [Two] = "admin" });

        change.JudgeExistence(new HashSet<Guid> { new(One) }, new HashSet<Guid> { new(Two) }).Should().BeNull();
        change.JudgeExistence(new HashSet<Guid>(), new HashSet<Guid>()).Should().BeEquivalentTo(new Error(ErrorKind.Invalid, Message, null,
        [
            new FieldError("user_perms", $"user with ID {One} does not exist"),
            new FieldError("group_perms", $"group with ID {Two} does not exist"),
        ]));
    }

    [Theory]
    [InlineData(TemplateRole.None)]
    [InlineData(TemplateRole.Use)]
    [InlineData(TemplateRole.Admin)]
    public void A_stored_role_is_read_as_what_it_was(TemplateRole role)
    {
        var actions = string.Join(',', role.StoredActions().Select(action => $"\"{action}\""));

        AccessControlList.FromJson($$"""{"{{One}}": [{{actions}}]}""").RoleOf(new Guid(One)).Should().Be(role);
    }

    [Fact]
    public void Who_may_use_may_read_and_not_change()
    {
        var list = AccessControlList.FromJson($$"""{"{{One}}": ["read", "use"]}""");

        list.Allows(new Guid(One), PermissionAction.Read).Should().BeTrue();
        list.Allows(new Guid(One), PermissionAction.Use).Should().BeTrue();
        list.Allows(new Guid(One), PermissionAction.Update).Should().BeFalse();
        list.Ids.Should().Equal(new Guid(One));
    }

    private static TemplateAclChange Parse(Dictionary<string, string?> users, Dictionary<string, string?> groups) =>
        TemplateAclChange.Parse(users, groups).Match(change => change, error => throw new InvalidOperationException(error.Message));
}
