using Coder.Infrastructure.Organizations;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Organizations;

/// <summary>The database itself keeps deleted organizations empty, whoever writes.</summary>
public sealed class DeletedOrganizationTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task Nothing_can_be_put_into_a_deleted_organization()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var gone = await Database.AddOrganizationAsync("gone-1", Ct);
        await new OrganizationStore(fixture.NewSession()).DeleteAsync(gone, Now, Ct);
        Func<Task>[] writes =
        [
            () => Database.AddMemberAsync(gone, user.Id, [], Ct),
            () => Database.AddGroupAsync(gone, "late", [], Ct),
            () => Database.AddCustomRoleAsync(gone, "late", [], Ct),
        ];

        foreach (var write in writes)
        {
            (await write.Should().ThrowAsync<PostgresException>()).Which.ConstraintName.Should().Be("organizations_deleted");
        }
    }

    [Fact]
    public async Task Members_groups_and_custom_roles_go_with_the_organization()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var gone = await Database.AddOrganizationAsync("gone-2", Ct);
        await Database.AddCustomRoleAsync(gone, "helper", ["group:read"], Ct);
        await Database.AddMemberAsync(gone, user.Id, ["helper"], Ct);

        await new OrganizationStore(fixture.NewSession()).DeleteAsync(gone, Now, Ct);

        (await Database.ScalarAsync<long>("select count(*) from organization_members where organization_id = $1", Ct, gone)).Should().Be(0);
        (await Database.ScalarAsync<long>("select count(*) from groups where organization_id = $1", Ct, gone)).Should().Be(0);
        (await Database.ScalarAsync<long>("select count(*) from custom_roles where organization_id = $1", Ct, gone)).Should().Be(0);
        (await new OrganizationStore(fixture.NewSession()).FindAsync(gone, Ct)).Should().BeNull();
    }
}
