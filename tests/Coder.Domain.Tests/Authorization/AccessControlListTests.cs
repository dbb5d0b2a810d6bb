using System.Text.Json;
using Coder.Domain.Authorization;

namespace Coder.Domain.Tests.Authorization;

public sealed class AccessControlListTests
{
    private static readonly Guid Id = new("4df59e74-c027-470b-ab4d-cbba8963a5e9");

    [Theory]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": ["read", "use"]}""")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": {"permissions": ["read", "use"]}}""")]
    [InlineData("""{"everybody": ["*"], "4df59e74-c027-470b-ab4d-cbba8963a5e9": ["use", "fly", null, 7, "read"]}""")]
    public void Both_stored_forms_are_read(string json)
    {
        var list = AccessControlList.FromJson(json);

        list.Allows(Id, PermissionAction.Read).Should().BeTrue();
        list.Allows(Id, PermissionAction.Use).Should().BeTrue();
        list.Allows(Id, PermissionAction.Delete).Should().BeFalse();
        list.Allows(Guid.Empty, PermissionAction.Read).Should().BeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": null}""")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": "read"}""")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": {"actions": ["read"]}}""")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": {"permissions": "read"}}""")]
    [InlineData("""{"4df59e74-c027-470b-ab4d-cbba8963a5e9": []}""")]
    public void Other_forms_let_nobody_in(string? json)
    {
        var list = AccessControlList.FromJson(json);

        PermissionActions.All.Should().NotContain(action => list.Allows(Id, action));
    }

    [Fact]
    public void The_star_stands_for_every_action()
    {
        var list = AccessControlList.FromJson($$"""{"{{Id}}": ["*"]}""");

        PermissionActions.All.Should().OnlyContain(action => list.Allows(Id, action));
    }

    [Fact]
    public void Text_that_is_not_JSON_is_a_fault_of_the_database_and_shows_when_it_is_needed()
    {
        var list = AccessControlList.FromJson("{");

        var use = () => list.Allows(Id, PermissionAction.Read);

        use.Should().Throw<JsonException>();
    }
}
