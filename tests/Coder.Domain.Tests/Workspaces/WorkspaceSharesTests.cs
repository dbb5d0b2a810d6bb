using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

/// <summary>With whom workspaces are shared: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class WorkspaceSharesTests
{
    private static readonly Guid Ann = new("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Bob = new("22222222-2222-4222-8222-222222222222");

    [Fact]
    public void A_list_survives_being_stored()
    {
        var shares = new WorkspaceShares(new Dictionary<Guid, WorkspaceRole> { [Bob] = WorkspaceRole.Admin, [Ann] = WorkspaceRole.Use });

        WorkspaceShares.FromJson(shares.ToJson()).Roles.Should().BeEquivalentTo(shares.Roles);
    }

    [Theory]
    [InlineData(WorkspaceRole.Use, PermissionAction.Read, true)]
    [InlineData(WorkspaceRole.Use, PermissionAction.Ssh, true)]
    [InlineData(WorkspaceRole.Use, PermissionAction.ApplicationConnect, true)]
    [InlineData(WorkspaceRole.Use, PermissionAction.Start, true)]
    [InlineData(WorkspaceRole.Use, PermissionAction.Stop, true)]
    [InlineData(WorkspaceRole.Use, PermissionAction.Update, false)]
    [InlineData(WorkspaceRole.Use, PermissionAction.Delete, false)]
    [InlineData(WorkspaceRole.Admin, PermissionAction.Read, true)]
    [InlineData(WorkspaceRole.Admin, PermissionAction.Update, true)]
    [InlineData(WorkspaceRole.Admin, PermissionAction.Delete, false)]
    public void A_stored_role_lets_do_what_it_stands_for(WorkspaceRole role, PermissionAction action, bool allows)
    {
        var stored = new WorkspaceShares(new Dictionary<Guid, WorkspaceRole> { [Ann] = role }).ToJson();

        var list = AccessControlList.FromJson(stored);

        list.Allows(Ann, action).Should().Be(allows);
        list.Allows(Bob, action).Should().BeFalse();
    }

    [Fact]
    public void A_change_sets_the_named_and_leaves_the_others_in_any_order()
    {
        var none = new WorkspaceShares(new Dictionary<Guid, WorkspaceRole>());
        var ann = new Dictionary<Guid, WorkspaceRole> { [Ann] = WorkspaceRole.Use };
        var bob = new Dictionary<Guid, WorkspaceRole> { [Bob] = WorkspaceRole.Admin };

        none.With(ann).With(bob).ToJson().Should().Be(none.With(bob).With(ann).ToJson());
        none.With(ann).With(bob).With(new Dictionary<Guid, WorkspaceRole> { [Ann] = WorkspaceRole.None }).Roles.Should().BeEquivalentTo(bob);
    }

    [Theory]
    [InlineData("11111111-1111-4111-8111-111111111111", "boss", "role \"boss\" is not a valid workspace role")]
    [InlineData("ann", "use", "ann is not a valid UUID.")]
    public void What_can_not_be_read_is_named(string key, string role, string detail)
    {
        var errors = new List<FieldError>();

        var read = WorkspaceShares.ReadChange("user_roles", new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = role }, errors);

        read.Should().BeEmpty();
        errors.Should().Equal(new FieldError("user_roles", detail));
        WorkspaceShares.Refuse(errors).Message.Should().Be("Invalid request to update workspace ACL");
    }

    [Theory]
    [InlineData("""{"11111111-1111-4111-8111-111111111111": {"permissions": ["*"]}}""", WorkspaceRole.Admin)]
    [InlineData("""{"11111111-1111-4111-8111-111111111111": {"permissions": ["read", "ssh", "application_connect", "start", "stop"]}}""", WorkspaceRole.Use)]
    public void Lists_of_others_are_understood(string stored, WorkspaceRole role) =>
        WorkspaceShares.FromJson(stored).Roles.Should().BeEquivalentTo(new Dictionary<Guid, WorkspaceRole> { [Ann] = role });

    [Theory]
    [InlineData("""{"11111111-1111-4111-8111-111111111111": {"permissions": ["read"]}}""")]
    [InlineData("""{"11111111-1111-4111-8111-111111111111": ["read"]}""")]
    [InlineData("""{"nobody": {"permissions": ["*"]}}""")]
    public void What_no_role_stands_for_is_passed_over(string stored) => WorkspaceShares.FromJson(stored).Roles.Should().BeEmpty();
}
