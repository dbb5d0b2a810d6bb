using Coder.Application.ConnectionLogs;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>One search, for the product and for the naive variant.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Query">The search of the product, but for the people.</param>
/// <param name="Naive">The same search.</param>
internal sealed record LogCase(string Name, ConnectionLogQuery Query, NaiveSearch Naive)
{
    private const long Limit = 100;

    /// <summary>The window of the product, which reads one row more than it shows.</summary>
    public ConnectionLogWindow Window { get; init; } = new(Limit + 1);

    /// <summary>All cases for a log of so many rows.</summary>
    public static async Task<IReadOnlyList<LogCase>> AllAsync(IServiceProvider services, int rows, CancellationToken ct)
    {
        var all = new ConnectionLogQuery { Scope = ReadScope.All };
        var somebody = $"user{LargeLog.Somebody}";
        var email = $"{somebody}@example.com";
        var (after, before) = (LargeLog.End.AddDays(-40).AddHours(-5), LargeLog.End.AddDays(-33).AddHours(-3));
        var depth = Depth(rows);
        var offset = Math.Min(100_000, rows / 2);
        return
        [
            new("unfiltered", all, new NaiveSearch()),
            new(
                "auditor of a small organization",
                all with { Scope = AuditorOf(LargeLog.SmallOrganization) },
                new NaiveSearch { Readable = [LargeLog.SmallOrganization.ToString()] }),
            new("type:jetbrains", all with { Type = ConnectionType.JetBrains }, new NaiveSearch { Type = "jetbrains" }),
            new("status:ongoing", all with { Status = SessionStatus.Ongoing }, new NaiveSearch { Status = "ongoing" }),
            new("status:completed", all with { Status = SessionStatus.Completed }, new NaiveSearch { Status = "completed" }),
            new("username", all, new NaiveSearch { Username = somebody }),
            new("user_email", all, new NaiveSearch { Email = email }),
            new("workspace_owner", all, new NaiveSearch { Owner = somebody }),
            new("workspace_owner, the busiest of all", all, new NaiveSearch { Owner = "user1" }),
            new(
                "workspace_id",
                all with { WorkspaceId = LargeLog.Workspace(LargeLog.Somebody, 1) },
                new NaiveSearch { Workspace = LargeLog.Workspace(LargeLog.Somebody, 1) }),
            new(
                "connected_after and connected_before, a week",
                all with { ConnectedAfter = after, ConnectedBefore = before },
                new NaiveSearch { After = after, Before = before }),
            new($"offset {offset}", all, new NaiveSearch { Offset = offset }) { Window = new(Limit + 1, offset) },
            new($"keyset at depth {depth}", all, new NaiveSearch { Offset = depth })
            {
                Window = new(Limit + 1, After: await PlaceAsync(services, all, depth, ct)),
            },
        ];
    }

    /// <summary>How deep the deepest page is.</summary>
    public static int Depth(int rows) => Math.Min(1_000_000, rows / 10 * 8);

    /// <summary>The page and its count by the product.</summary>
    public async Task<(IReadOnlyList<Guid> Ids, long Count)> OursAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<IUserDirectory>();
        var query = Query with
        {
            WorkspaceOwners = Naive.Owner.Length == 0 ? null : await people.IdsByUsernameAsync(Naive.Owner, ct),
            Users = Naive.Username.Length > 0 ? await people.IdsByUsernameAsync(Naive.Username, ct)
                : Naive.Email.Length > 0 ? await people.IdsEverByEmailAsync(Naive.Email, ct)
                : null,
        };
        var slice = await scope.ServiceProvider.GetRequiredService<IConnectionLogStore>()
            .ListAsync(query, Window, new ConnectionLogCounting(), ct);
        return ([.. slice.Views.Take((int)Limit).Select(v => v.Entry.Id)], slice.Count);
    }

    /// <summary>The page and its count by the naive variant.</summary>
    public async Task<(IReadOnlyList<Guid> Ids, long Count)> NaiveAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return await NaiveLog.ListAsync(scope.ServiceProvider.GetRequiredService<DbSession>(), Naive, ct);
    }

    private static async Task<ConnectionLogCursor> PlaceAsync(
        IServiceProvider services, ConnectionLogQuery query, int depth, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IConnectionLogStore>();
        return (await store.ReadAsync(query, new ConnectionLogWindow(1, depth - 1), ct))[0].Place;
    }

    private static ReadScope AuditorOf(Guid organization) => Authorizer.ReadScope(
        Actor.Create(
            LargeLog.SmallOrganization,
            "auditor",
            [],
            [new OrganizationRoles(organization, [RoleNames.OrganizationAuditor])],
            [],
            KeyScope.All,
            [],
            AuthorizationOptions.Default),
        Permission.ConnectionLogRead);
}
