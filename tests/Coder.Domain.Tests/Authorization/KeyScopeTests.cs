using Coder.Domain.Authorization;
using CsCheck;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

/// <summary>Keys that may do less than their users: docs/spec/platform.md, section 8.3.</summary>
public sealed class KeyScopeTests
{
    private static readonly ObjectRef MyWorkspace = ObjectRef.Workspace(Thing, Me, OrgA, dormant: false);

    [Theory]
    [InlineData("all", true)]
    [InlineData("coder:all", true)]
    [InlineData("application_connect", true)]
    [InlineData("coder:application_connect", true)]
    [InlineData("workspace:read", true)]
    [InlineData("workspace:*", true)]
    [InlineData("api_key:create", true)]
    [InlineData("user:ssh", false)]
    [InlineData("workspace:Read", false)]
    [InlineData("workspace", false)]
    [InlineData("workspace:", false)]
    [InlineData("workspace:read:x", false)]
    [InlineData("*:read", false)]
    [InlineData("*:*", false)]
    [InlineData("castle:read", false)]
    [InlineData("coder:workspace", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_scope_is_a_known_type_with_an_action_that_it_knows(string? name, bool isScope) =>
        KeyScope.IsScope(name).Should().Be(isScope);

    [Theory]
    [InlineData("*:*", "*:*")]
    [InlineData("workspace:*", "workspace:*")]
    [InlineData("workspace:5B3A4F0E-0000-4000-8000-000000000000", "workspace:5b3a4f0e-0000-4000-8000-000000000000")]
    [InlineData("*:5b3a4f0e-0000-4000-8000-000000000000", "*:5b3a4f0e-0000-4000-8000-000000000000")]
    [InlineData("workspace:00000000-0000-0000-0000-000000000000", null)]
    [InlineData("workspace:5b3a4f0e", null)]
    [InlineData("castle:*", null)]
    [InlineData("workspace", null)]
    [InlineData("a:b:c", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_entry_of_an_allow_list_names_a_type_and_an_id(string? text, string? canonical)
    {
        var isEntry = AllowedTarget.TryParse(text, out var target);

        isEntry.Should().Be(canonical is not null);
        target.ToString().Should().Be(canonical ?? "*:*");
    }

    [Fact]
    public void What_limits_nothing_is_one_of_the_two_scopes_that_everybody_knows()
    {
        KeyScope.Of(["all"], []).Should().BeSameAs(KeyScope.All);
        KeyScope.Of(["workspace:read", "coder:all"], ["*:*"]).Should().BeSameAs(KeyScope.All);
        KeyScope.Of(["coder:application_connect"], ["workspace:*", "*:*"]).Should().BeSameAs(KeyScope.ApplicationConnect);
    }

    [Fact]
    public void A_limited_scope_says_what_it_is_made_of_and_to_older_clients_one_of_two_words()
    {
        var scope = KeyScope.Of(["workspace:read", "workspace:read", "template:*"], [$"workspace:{Thing}", "template:*"]);
        var applications = KeyScope.Of(["application_connect"], [$"workspace:{Thing}"]);

        (scope.Name, scope.IsLimited, scope.ShortName).Should().Be(("limited", true, "all"));
        scope.Scopes.Should().Equal("workspace:read", "template:*");
        scope.Allowed.Select(t => t.ToString()).Should().Equal($"workspace:{Thing}", "template:*");
        (applications.IsLimited, applications.ShortName).Should().Be((true, "application_connect"));
    }

    [Fact]
    public void A_scope_allows_its_actions_and_no_others()
    {
        var actor = Actor(site: ["owner"], scope: KeyScope.Of(["workspace:read", "template:*"], []));

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Me, Organization = OrgA });

        allowed.Should().BeEquivalentTo(
            "workspace:read",
            "template:create",
            "template:read",
            "template:update",
            "template:delete",
            "template:use",
            "template:view_insights");
    }

    [Fact]
    public void An_allow_list_is_judged_by_type()
    {
        var scope = KeyScope.Of(["all"], [$"workspace:{Thing}", "template:*", $"*:{Other}"]);
        var actor = Actor(site: ["owner"], scope: scope);

        Authorizer.Can(actor, PermissionAction.Read, MyWorkspace).Should().BeTrue();
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.Workspace(Me, Me, OrgA, dormant: false)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Create, ObjectRef.In(OrgA, ResourceType.Template))
            .Should().BeTrue("all of its kind are meant");
        Authorizer.Can(actor, PermissionAction.Create, ObjectRef.In(OrgA, ResourceType.Workspace))
            .Should().BeFalse("what has no id is in no list");
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.User(Thing)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.User(Other)).Should().BeTrue();
    }

    [Fact]
    public void A_scope_never_gives_what_the_roles_do_not() => Gen.Select(Generated.Actor, Generated.AnyScope, Generated.Question).Sample(
        (actor, scope, question) =>
        {
            var limited = With(scope);
            var free = With(KeyScope.All);

            Actor With(KeyScope held) => Domain.Authorization.Actor.Create(
                actor.UserId, "same", actor.SiteRoles, actor.OrganizationRoles, actor.Groups, held, [], AuthorizationOptions.Default);

            return !Authorizer.Can(limited, question.Action, question.Row) || Authorizer.Can(free, question.Action, question.Row);
        });

    [Fact]
    public void Stored_names_that_are_not_known_any_more_allow_nothing()
    {
        var actor = Actor(site: ["owner"], scope: KeyScope.Of(["castle:read"], ["*:*"]));
        var walled = Actor(site: ["owner"], scope: KeyScope.Of(["all"], ["castle:*"]));

        Authorizer.Can(actor, PermissionAction.Read, MyWorkspace).Should().BeFalse();
        Authorizer.Can(walled, PermissionAction.Read, MyWorkspace).Should().BeFalse();
    }

    [Theory]
    [InlineData("all", "", "all", "", true)]
    [InlineData("all", "", "workspace:read", "workspace:*", true)]
    [InlineData("workspace:*", "", "workspace:read", "", true)]
    [InlineData("workspace:read", "", "workspace:*", "", false)]
    [InlineData("workspace:read", "", "all", "", false)]
    [InlineData("workspace:read", "", "application_connect", "", false)]
    [InlineData("workspace:*", "", "application_connect", "", true)]
    [InlineData("all", "workspace:*", "all", "", false)]
    [InlineData("all", "workspace:*", "all", "workspace:*", true)]
    [InlineData("all", "workspace:00000000-0000-4000-8000-000000000001", "all", "workspace:00000000-0000-4000-8000-000000000001", true)]
    [InlineData("all", "workspace:00000000-0000-4000-8000-000000000001", "all", "workspace:00000000-0000-4000-8000-000000000002", false)]
    [InlineData("all", "workspace:00000000-0000-4000-8000-000000000001", "workspace:read", "", false)]
    public void A_scope_covers_what_lies_within_it(string scope, string allowed, string other, string otherAllowed, bool covers) =>
        KeyScope.Of([scope], Entries(allowed)).Covers(KeyScope.Of([other], Entries(otherAllowed))).Should().Be(covers);

    [Fact]
    public void What_is_covered_decides_nothing_that_the_cover_does_not() =>
        Gen.Select(Generated.AnyScope, Generated.AnyScope, Generated.Question).Sample(
            (wide, narrow, question) => !wide.Covers(narrow)
                || !Authorizer.Can(Actor(site: ["owner"], scope: narrow), question.Action, question.Row)
                || Authorizer.Can(Actor(site: ["owner"], scope: wide), question.Action, question.Row));

    private static string[] Entries(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
