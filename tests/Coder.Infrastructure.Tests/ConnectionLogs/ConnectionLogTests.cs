using System.Net;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Users;
using Coder.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>The stores of the connection log on the database of the class. An organization of its own keeps each test apart.</summary>
public abstract class ConnectionLogTests(DatabaseFixture fixture)
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly ConnectionLogCounting Exact = new();

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected DatabaseFixture Fixture => fixture;

    protected Guid Organization { get; } = TestIds.New();

    internal ConnectionLogLayout Layout { get; } = new();

    internal ConnectionLogStore NewStore(DbSession session) => new(session, new UserDirectory(session), Layout);

    internal ConnectionLogStore Store => NewStore(fixture.NewSession());

    internal ConnectionLogUpkeep Upkeep => new(fixture.NewSession(), TestClock.System);

    internal ConnectionLogPartitions PartitionsAt(DateTimeOffset now) => new(fixture.NewSession(), Layout, new FakeTimeProvider(now));

    protected ConnectionLogQuery Mine => new() { Scope = ReadScope.All, OrganizationId = Organization };

    protected static ReadScope ScopeOf(params Guid[] organizations) => Authorizer.ReadScope(
        Actor.Create(
            TestIds.New(),
            "auditor",
            [],
            [.. organizations.Select(o => new OrganizationRoles(o, [RoleNames.OrganizationAuditor]))],
            [],
            KeyScope.All,
            [],
            AuthorizationOptions.Default),
        Permission.ConnectionLogRead);

    protected ConnectionEvent Connect(DateTimeOffset? time = null) => new()
    {
        Id = TestIds.New(),
        Time = time ?? Now,
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = Organization,
        WorkspaceOwnerId = TestIds.New(),
        WorkspaceId = TestIds.New(),
        WorkspaceName = "work",
        AgentName = "main",
        Ip = IPAddress.Parse("192.0.2.1"),
        ConnectionId = TestIds.New(),
    };

    protected ConnectionEvent Open(DateTimeOffset? time = null) => Connect(time) with
    {
        Type = ConnectionType.WorkspaceApp,
        ConnectionId = null,
        Code = 200,
        UserAgent = "firefox",
        UserId = TestIds.New(),
        SlugOrPort = "code",
    };

    protected static ConnectionEvent End(ConnectionEvent start, DateTimeOffset time, int? code = 0, string? reason = null) =>
        start with { Id = TestIds.New(), Status = ConnectionStatus.Disconnected, Time = time, Code = code, DisconnectReason = reason };

    protected async Task WriteAsync(params ConnectionEvent[] events) =>
        (await new ConnectionLogWriter(fixture.NewSession(), Layout, new FakeTimeProvider(Now)).WriteAsync(events, Ct)).Error.Should().BeNull();

    protected async Task<IReadOnlyList<ConnectionLogEntry>> EntriesAsync(ConnectionLogQuery? query = null) =>
        [.. (await Store.ReadAsync(query ?? Mine, new ConnectionLogWindow(10_000), Ct)).Select(v => v.Entry)];
}
