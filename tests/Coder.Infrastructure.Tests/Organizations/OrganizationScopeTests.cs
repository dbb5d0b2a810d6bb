using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Organizations;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Organizations;

/// <summary>The lists show what the decision in memory allows, for random callers.</summary>
public sealed class OrganizationScopeTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DatabaseFixture _fixture = new();

    [Fact]
    public Task Organizations_are_listed_as_the_authorizer_decides() => Generated.Actor.SampleAsync(
        async actor =>
        {
            var scope = Authorizer.ReadScope(actor, ResourceType.Organization);
            var listed = await new OrganizationStore(_fixture.NewSession()).ListAsync(scope, CancellationToken.None);

            return listed.Select(o => o.Id).Order().SequenceEqual(
                Generated.Organizations.Where(id => Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OfOrganization(id))).Order());
        },
        iter: 150);

    [Fact]
    public Task Members_are_listed_and_counted_as_the_authorizer_decides() => Gen.Select(Generated.Actor, Gen.OneOf<Guid>(Generated.Organizations)).SampleAsync(
        async (actor, organization) =>
        {
            var store = new OrganizationMemberStore(_fixture.NewSession());
            var scope = Authorizer.ReadScope(actor, ResourceType.OrganizationMember);
            var listed = await store.ListAsync(organization, scope, 0, 0, CancellationToken.None);
            var count = await store.CountAsync(organization, scope, CancellationToken.None);
            var expected = Generated.Users
                .Where(user => Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OrganizationMember(organization, user)))
                .ToList();

            return listed.Select(m => m.Membership.UserId).Order().SequenceEqual(expected.Order()) && count == expected.Count;
        },
        iter: 150);

    public async ValueTask InitializeAsync()
    {
        await _fixture.InitializeAsync();
        await _fixture.Database.ExecuteAsync("delete from organizations", Ct);
        await _fixture.Database.ExecuteAsync(
            """
            insert into users (id, email, username, created_at, updated_at)
            select id, id || '@example.com', 'user-' || id, now(), now() from unnest($1) id
            """,
            Ct,
            Generated.Users);
        await _fixture.Database.ExecuteAsync(
            """
            with o as (
                insert into organizations (id, name, display_name, created_at, updated_at)
                select id, 'org-' || id, '', now(), now() from unnest($1) id
                returning id)
            insert into organization_members (organization_id, user_id, created_at, updated_at)
            select o.id, u, now(), now() from o, unnest($2) u
            """,
            Ct,
            Generated.Organizations,
            Generated.Users);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
