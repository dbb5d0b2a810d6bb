using Coder.Api.Tests.Licensing;
using Coder.Testing;

namespace Coder.Api.Tests.Workspaces;

/// <summary>A running workspace with one agent.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="AgentId">The agent, named main.</param>
/// <param name="Token">Its token.</param>
/// <param name="Client">Calls as the agent.</param>
internal sealed record RunningAgent(WorkspaceRow Workspace, TestUser Owner, Guid AgentId, Guid Token, HttpClient Client) : IDisposable
{
    public void Dispose()
    {
        Client.Dispose();
        Owner.Dispose();
    }
}

/// <summary>A licensed server with one template; each test has workspaces and owners of its own.</summary>
public sealed class AgentServer : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;
    private ReadyTemplate? _template;

    public TestServer Server => _server!;

    public HttpClient Owner => _owner!;

    public ReadyTemplate Template => _template!;

    public TestLogs Logs { get; } = new();

    public DateTimeOffset Now => Server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        var ct = CancellationToken.None;
        _server = await TestServer.StartAsync(null, ct, Logs.Listen);
        _owner = await Server.CreateOwnerAsync(ct);
        await Owner.AddLicenseAsync(Server.Mint.License(), ct);
        _template = await Server.AddTemplateAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Logs.Dispose();
    }

    internal Task<RunningAgent> StartAgentAsync(CancellationToken ct, NewWorkspace? workspace = null) =>
        Server.StartAgentAsync(Template, workspace ?? new NewWorkspace(), ct);
}

/// <summary>Makes agents that can call.</summary>
internal static class AgentServers
{
    /// <summary>Adds a template of the default organization.</summary>
    public static async Task<ReadyTemplate> AddTemplateAsync(this TestServer server, CancellationToken ct)
    {
        using var author = await server.AddUserAsync(ct);
        return await server.Database.AddReadyTemplateAsync(await server.Database.DefaultOrganizationAsync(ct), author.Id, ct);
    }

    /// <summary>Adds an owner and a workspace with one agent.</summary>
    public static async Task<RunningAgent> StartAgentAsync(
        this TestServer server, ReadyTemplate template, NewWorkspace workspace, CancellationToken ct)
    {
        var owner = await server.AddUserAsync(ct);
        var row = await server.Database.AddWorkspaceAsync(template, owner.Id, workspace, ct);
        var agent = await server.Database.AddAgentAsync(row, new NewAgent { CreatedAt = server.Clock.GetUtcNow() }, ct);
        var token = await server.Database.AgentTokenAsync(agent, ct);
        return new RunningAgent(row, owner, agent, token, server.With(token.ToString()));
    }
}
