using System.Text.Json.Nodes;
using Coder.Domain.AuditLogs;

namespace Coder.Domain.Tests.AuditLogs;

public sealed class AuditDiffTests
{
    [Fact]
    public void Only_fields_that_changed_are_shown()
    {
        var before = User().With("username", "ann").With("email", "ann@example.com");
        var after = User().With("username", "anna").With("email", "ann@example.com");

        var diff = AuditDiff.Of(before, after);

        diff.ToJsonString().Should().Be("""{"username":{"old":"ann","new":"anna","secret":false}}""");
    }

    [Fact]
    public void A_new_resource_is_compared_with_empty_fields()
    {
        var after = User().With("username", "ann").With("name", "").With("deleted", false).With("rbac_roles", ["owner"]);

        var diff = AuditDiff.Of(null, after);

        diff.ToJsonString().Should().Be(
            """{"rbac_roles":{"old":[],"new":["owner"],"secret":false},"username":{"old":"","new":"ann","secret":false}}""");
    }

    [Fact]
    public void A_deleted_resource_is_compared_with_empty_fields()
    {
        var diff = AuditDiff.Of(User().With("is_system", true), null);

        diff.ToJsonString().Should().Be("""{"is_system":{"old":true,"new":false,"secret":false}}""");
    }

    [Fact]
    public void A_secret_shows_that_it_changed_and_nothing_of_it()
    {
        var diff = AuditDiff.Of(User().With("hashed_password", "old hash"), User().With("hashed_password", "new hash"));

        diff.ToJsonString().Should().Be("""{"hashed_password":{"old":"","new":"","secret":true}}""");
    }

    [Fact]
    public void An_ignored_field_is_never_shown()
    {
        var diff = AuditDiff.Of(User().With("updated_at", "a"), User().With("updated_at", "b"));

        diff.Should().BeEmpty();
    }

    [Fact]
    public void A_field_that_one_snapshot_leaves_out_counts_as_unchanged()
    {
        var diff = AuditDiff.Of(User().With("status", "dormant").With("name", "Ann"), User().With("status", "active"));

        diff.Select(field => field.Key).Should().Equal("status");
    }

    [Fact]
    public void Nothing_is_compared_with_nothing() => AuditDiff.Of(null, null).Should().BeEmpty();

    [Fact]
    public void The_snapshots_stay_as_they_are()
    {
        JsonArray roles = ["owner"];
        var after = User().With("rbac_roles", roles);

        AuditDiff.Of(null, after);
        var again = AuditDiff.Of(null, after);

        again["rbac_roles"]!["new"]!.ToJsonString().Should().Be("""["owner"]""");
    }

    [Fact]
    public void A_field_that_nobody_decided_on_is_refused()
    {
        var add = () => User().With("nonsense", "x");

        add.Should().Throw<ArgumentException>();
    }

    private static AuditSnapshot User() => new(AuditResourceType.User);
}
