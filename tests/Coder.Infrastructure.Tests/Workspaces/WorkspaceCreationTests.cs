using System.Data;
using Coder.Domain.Common;
using Coder.Infrastructure.Workspaces;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>docs/spec/workspaces.md, section 7.1.</summary>
public sealed class WorkspaceCreationTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nobody_gets_a_workspace_who_is_being_deleted()
    {
        var organization = await fixture.Database.DefaultOrganizationAsync(Ct);
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        await using var connection = new NpgsqlConnection(fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var delete = new NpgsqlCommand(
            "with held as (select id from users where id = $1 for update) update users set deleted = true where id in (select id from held)",
            connection,
            transaction);
        delete.Parameters.Add(new() { Value = user.Id });
        await delete.ExecuteNonQueryAsync(Ct);

        var asking = IsMemberAsync(organization, user.Id);
        await fixture.Database.UntilAsync(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", Ct);
        await transaction.CommitAsync(Ct);

        (await asking).Should().BeFalse();
    }

    [Fact]
    public async Task Members_are_told_from_others()
    {
        var organization = await fixture.Database.DefaultOrganizationAsync(Ct);
        var member = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var stranger = await fixture.Database.AddUserAsync(new NewTestUser { IsMember = false }, Now, Ct);

        (await IsMemberAsync(organization, member.Id)).Should().BeTrue();
        (await IsMemberAsync(organization, stranger.Id)).Should().BeFalse();
    }

    private async Task<bool> IsMemberAsync(Guid organization, Guid user)
    {
        var session = fixture.NewSession();
        var result = await session.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct => Result<bool>.From(await new WorkspaceCreation(session).IsMemberAsync(organization, user, ct)),
            Ct);
        return result.Match(found => found, _ => false);
    }
}
