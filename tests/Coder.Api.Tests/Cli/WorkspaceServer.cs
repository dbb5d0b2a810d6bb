using Coder.Testing;

namespace Coder.Api.Tests.Cli;

/// <summary>A server whose one daemon carries out what the tool asks for.</summary>
public sealed class WorkspaceServer : IAsyncLifetime
{
    /// <summary>The server. Its clock stands still, so that what a template delays never ends by itself.</summary>
    public TestServer Server { get; private set; } = null!;

    public string Url => Server.Anonymous.BaseAddress!.ToString();

    public async ValueTask InitializeAsync() =>
        Server = await TestServer.StartAsync(options => options.ProvisionerDaemons = "1", CancellationToken.None);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Somebody new who is signed in with the tool.</summary>
    internal async Task<(CliJourney Journey, TestUser User)> SignInAsync(CancellationToken ct, params string[] roles)
    {
        var user = await Server.AddUserAsync(roles, ct);
        var journey = new CliJourney(TestClock.System);
        await journey.SucceedAsync("login", Url, "--token", user.Token);
        return (journey, user);
    }
}
