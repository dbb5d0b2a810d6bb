using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Domain.WorkspaceProxies;
using Coder.Infrastructure.WorkspaceProxies;
using CsCheck;

namespace Coder.Infrastructure.Tests.WorkspaceProxies;

public sealed class WorkspaceProxyStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_holds_what_the_authorizer_lets_the_actor_read()
    {
        var proxies = Generated.Rows.Distinct().Select((id, n) => Proxy(id, $"proxy-{n}")).ToList();
        foreach (var proxy in proxies)
        {
            (await NewStore().AddAsync(proxy, new byte[32], Ct)).Should().BeTrue();
        }

        await NewStore().DeleteAsync(proxies[^1].Id, Now, Ct);
        proxies.RemoveAt(proxies.Count - 1);

        await Generated.Actor.SampleAsync(
            async actor =>
            {
                var found = await NewStore().ListAsync(Authorizer.ReadScope(actor, ResourceType.WorkspaceProxy), Ct);

                return proxies.Where(p => Authorizer.Can(actor, PermissionAction.Read, p.Reference)).Select(p => p.Id).ToHashSet()
                    .SetEquals(found.Select(p => p.Id));
            },
            iter: 200,
            threads: 1);
    }

    private static WorkspaceProxy Proxy(Guid id, string name) =>
        new() { Id = id, Name = name, DisplayName = "", Icon = "", CreatedAt = Now, UpdatedAt = Now };

    private WorkspaceProxyStore NewStore() => new(fixture.NewSession());
}
