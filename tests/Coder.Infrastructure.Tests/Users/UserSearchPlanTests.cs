using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Users;
using Coder.Testing;
using Dapper;
using Npgsql;

namespace Coder.Infrastructure.Tests.Users;

/// <summary>Searching many users: docs/spec/platform.md, section 3.</summary>
public sealed class UserSearchPlanTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lovelace")]
    [InlineData("lovelace ada")]
    public async Task A_search_is_served_by_the_index_of_trigrams(string search)
    {
        const string IsPossible = "select exists (select from pg_extension where extname = 'pg_trgm')";
        Assert.SkipUnless(await fixture.Database.ScalarAsync<bool>(IsPossible, Ct), "This PostgreSQL has no trigrams.");
        await AddManyAsync();
        var filter = UserQueryParser.Parse(search).Match(f => f, e => throw new ArgumentException(e.Message, nameof(search)));

        var statement = UserStore.CountOf(filter, ReadScope.All);
        await using var connection = new NpgsqlConnection(fixture.Database.ConnectionString);
        var plan = await connection.QueryAsync<string>(
            new CommandDefinition($"explain {statement.Text}", statement.Parameters, cancellationToken: Ct));

        string.Join('\n', plan).Should().Contain("users_search_idx");
    }

    private async Task AddManyAsync()
    {
        await fixture.Database.ExecuteAsync(
            """
            insert into users (id, email, username, created_at, updated_at)
            select gen_random_uuid(), 'n' || n || '@example.com', md5(n::text), now(), now() from generate_series(1, 20000) n
            on conflict do nothing
            """,
            Ct);
        await fixture.Database.ExecuteAsync("analyze users", Ct);
    }
}
