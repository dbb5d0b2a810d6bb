using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Configuration;
using Coder.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Testing;

/// <summary>The real server on a database of its own, with real HTTP on a free port and a clock that stands still until it is moved.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly WebApplication _app;

    private TestServer(TestDatabase database, bool ownsDatabase, WebApplication app, Uri url, FakeTimeProvider clock, LicenseMint mint)
    {
        _database = database;
        _ownsDatabase = ownsDatabase;
        _app = app;
        Clock = clock;
        Mint = mint;
        Anonymous = NewClient(url);
    }

    /// <summary>The password of <see cref="CreateOwnerAsync"/>.</summary>
    public const string OwnerPassword = "SomeSecurePassword!";

    /// <summary>The clock of the server.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>Makes licenses that the server trusts.</summary>
    public LicenseMint Mint { get; }

    /// <summary>A client without a session. It keeps no cookies and follows no redirects.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>The database of the server.</summary>
    public TestDatabase Database => _database;

    /// <summary>The services of the server.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="configure">Changes options; address and license keys are set already.</param>
    /// <param name="ct">Stops the start.</param>
    /// <param name="adjust">Replaces services.</param>
    /// <param name="beside">Another server, whose database, clock and license keys this one shares.</param>
    public static async Task<TestServer> StartAsync(
        Action<CoderOptions>? configure, CancellationToken ct, Action<IServiceCollection>? adjust = null, TestServer? beside = null)
    {
        var database = beside?._database ?? await TestDatabase.CreateAsync(ct);
        var clock = beside?.Clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var mint = beside?.Mint ?? new LicenseMint(clock.GetUtcNow());
        var options = new CoderOptions
        {
            HttpAddress = "127.0.0.1:0",
            PgConnectionUrl = database.ConnectionString,
            LicenseKeys = mint.TrustedKeys,

            // The clock stands still, so that all requests of a test fall into one minute.
            ApiRateLimit = "1000000",

            // A test that wants its jobs done says so.
            ProvisionerDaemons = "0",
        };
        configure?.Invoke(options);
        var settings = CoderSettings.From(options).Match(
            s => s, e => throw new ArgumentException(string.Join("; ", e.Validations!.Select(v => $"{v.Field}: {v.Detail}")), nameof(configure)));
        var app = CoderServer.Build(settings, settings.ConnectionString!, clock, adjust);
        await CoderServer.StartAsync(app, isAlone: false, ct);
        return new TestServer(database, beside is null, app, CoderServer.ListenUrl(app, settings), clock, mint);
    }

    /// <summary>Creates the first user and signs in.</summary>
    /// <returns>A client with the session of the owner.</returns>
    public async Task<HttpClient> CreateOwnerAsync(CancellationToken ct)
    {
        var first = new { email = "owner@example.com", username = "owner", name = "Olga Owner", password = OwnerPassword };
        (await Anonymous.PostAsJsonAsync("/api/v2/users/first", first, ct)).EnsureSuccessStatusCode();
        return await LogInAsync(first.email, OwnerPassword, ct);
    }

    /// <summary>Signs in with a password.</summary>
    /// <returns>A client with the session.</returns>
    public async Task<HttpClient> LogInAsync(string email, string password, CancellationToken ct)
    {
        var response = await Anonymous.PostAsJsonAsync("/api/v2/users/login", new { email, password }, ct);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(ct);
        return With(body!["session_token"]!.GetValue<string>());
    }

    /// <summary>A client with a credential in the header.</summary>
    public HttpClient With(string token)
    {
        var client = NewClient(Anonymous.BaseAddress!);
        client.DefaultRequestHeaders.Add("Coder-Session-Token", token);
        return client;
    }

    /// <summary>Stops the server as an operator would: requests under way are answered first.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsDatabase)
        {
            await _database.DisposeAsync();
        }
    }

#pragma warning disable RS0030, CA2000 // the one place where tests make clients; the handler goes with its client
    private static HttpClient NewClient(Uri url) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, disposeHandler: true) { BaseAddress = url };
#pragma warning restore RS0030, CA2000
}
