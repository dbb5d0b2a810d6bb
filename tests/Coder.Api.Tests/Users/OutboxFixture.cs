using Coder.Testing;

namespace Coder.Api.Tests.Users;

/// <summary>One server with a folder of its own for messages to users.</summary>
public sealed class OutboxFixture : IAsyncLifetime
{
    private TestServer? _server;

    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    public TestLogs Logs { get; } = new();

    /// <summary>Does not exist before the first message.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"coder-outbox-{Path.GetRandomFileName()}", "messages");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(o => o.EmailOutbox = Folder, CancellationToken.None, Logs.Listen);
        using var owner = await _server.CreateOwnerAsync(CancellationToken.None);
        await _server.StartAuditingAsync(owner, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Logs.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        }
    }

    /// <summary>The files with messages to an address, those that end first before the others.</summary>
    public IReadOnlyList<string> FilesTo(string email) => !Directory.Exists(Folder) ? []
        : [.. Directory.EnumerateFiles(Folder, "*.eml").Where(file => IsTo(file, email)).Order(StringComparer.Ordinal)];

    private static bool IsTo(string file, string email)
    {
        try
        {
            return File.ReadAllText(file).Contains($"To: {email}\r\n", StringComparison.Ordinal);
        }
        catch (FileNotFoundException)
        {
            // The server removed it in the meantime.
            return false;
        }
    }
}
