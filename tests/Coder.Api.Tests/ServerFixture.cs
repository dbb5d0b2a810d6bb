using Coder.Testing;

namespace Coder.Api.Tests;

/// <summary>One server, with its logs, for all tests of a class. There is no user but those that the tests add.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private TestServer? _server;

    /// <summary>The server.</summary>
    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>What the server logged.</summary>
    public TestLogs Logs { get; } = new();

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(null, CancellationToken.None, Logs.Listen);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Logs.Dispose();
    }
}
