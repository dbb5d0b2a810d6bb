using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Users;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Users;

/// <summary>The lists of tokens and sessions hold those that the authorizer lets an actor read: docs/spec/platform.md 6.7.</summary>
public sealed class KeyDirectoryTests(KeyDirectoryTests.Keys keys) : IClassFixture<KeyDirectoryTests.Keys>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public Task Tokens_and_sessions_are_those_that_the_authorizer_lets_the_actor_read() => Generated.Actor.SampleAsync(
        async actor =>
        {
            var scope = Authorizer.ReadScope(actor, ResourceType.ApiKey);
            var expected = Generated.Users.Where(id => Authorizer.Can(actor, PermissionAction.Read, ObjectRef.ApiKey(id))).ToList();

            var tokens = await NewDirectory().ListTokensAsync(null, scope, Ct);
            var sessions = await NewDirectory().ListSessionsAsync(Generated.Users[0], scope, Keys.Now, Ct);

            return tokens.Select(k => k.UserId).Order().SequenceEqual(expected)
                && sessions.Select(k => k.UserId).SequenceEqual(expected.Where(id => id == Generated.Users[0]));
        },
        iter: 200,
        threads: 1);

    [Fact]
    public async Task Whoever_may_only_see_listed_objects_sees_no_keys_because_these_have_no_id()
    {
        var agent = Actor.Create(
            Generated.Users[0], "agent", ["owner"], [], [], KeyScope.WorkspaceAgent(Generated.Users, false), [], AuthorizationOptions.Default);
        var scope = Authorizer.ReadScope(agent, ResourceType.ApiKey);

        (await NewDirectory().ListTokensAsync(null, scope, Ct)).Should().BeEmpty();
        (await NewDirectory().ListTokensAsync(null, ReadScope.All, Ct)).Should().HaveCount(Generated.Users.Length);
    }

    private KeyDirectory NewDirectory() => new(keys.Database.NewSession());

    /// <summary>The users that random actors are, each with a token and a session.</summary>
    public sealed class Keys : IAsyncLifetime
    {
        private const string InsertUser = """
            insert into users (id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
            values ($1, $2 || '@example.com', $2, '', '', $3, $3, 'active', '{}', 'password')
            """;

        private const string InsertKey = """
            insert into api_keys (id, hashed_secret, user_id, expires_at, created_at, updated_at, login_type)
            values ($1, '', $2, $3, $4, $4, $5::login_type)
            """;

        internal static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        internal DatabaseFixture Database { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            for (var n = 0; n < Generated.Users.Length; n++)
            {
                var id = Generated.Users[n];
                await Database.Database.ExecuteAsync(InsertUser, Ct, id, $"user-{n}", Now);
                await Database.Database.ExecuteAsync(InsertKey, Ct, $"token-{n:0000}", id, Now.AddDays(1), Now, "token");
                await Database.Database.ExecuteAsync(InsertKey, Ct, $"login-{n:0000}", id, Now.AddDays(1), Now, "password");
            }
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
