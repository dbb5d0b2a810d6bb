using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>A server with its owner, new for each test.</summary>
public abstract class LicensingServerTests : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    protected HttpClient Owner => _owner ?? throw new InvalidOperationException("There is no owner yet.");

    protected DateTimeOffset Now => Server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await Server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
