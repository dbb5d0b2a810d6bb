using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Coder.Benchmarks.Processes;

/// <summary>HTTP to a server of this machine, for everything that is not measured.</summary>
internal static class LocalClient
{
    /// <summary>The header that carries a session token.</summary>
    public const string TokenHeader = "Coder-Session-Token";

    /// <summary>A client without cookies and proxies.</summary>
    public static HttpClient Create(int port) => new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }, disposeHandler: true)
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{IPAddress.Loopback}:{port}")),
    };

    /// <summary>The same with a session.</summary>
    public static HttpClient Create(int port, string token)
    {
        var client = Create(port);
        client.DefaultRequestHeaders.Add(TokenHeader, token);
        return client;
    }

    /// <summary>Creates the first user and signs in.</summary>
    /// <returns>The session token, and the id of the user.</returns>
    public static async Task<(string Token, string UserId)> CreateOwnerAsync(int port, CancellationToken ct)
    {
        using var client = Create(port);
        var owner = new { email = "owner@example.com", username = "owner", name = "Olga Owner", password = "SomeSecurePassword!" };
        var created = await PostAsync(client, "/api/v2/users/first", owner, ct);
        var session = await PostAsync(client, "/api/v2/users/login", new { owner.email, owner.password }, ct);
        return (session["session_token"]!.GetValue<string>(), created["user_id"]!.GetValue<string>());
    }

    /// <summary>Adds a license to a server that trusts it.</summary>
    public static async Task AddLicenseAsync(int port, string token, string license, CancellationToken ct)
    {
        using var client = Create(port, token);
        await PostAsync(client, "/api/v2/licenses", new { license }, ct);
    }

    /// <summary>Posts what must succeed.</summary>
    public static async Task<JsonObject> PostAsync(HttpClient client, string path, object body, CancellationToken ct)
    {
        using var answer = await client.PostAsJsonAsync(path, body, ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!;
    }
}
