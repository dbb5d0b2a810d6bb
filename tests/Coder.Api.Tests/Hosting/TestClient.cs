using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Coder.Api.Tests.Hosting;

/// <summary>The little of HTTP that tests of whole processes need.</summary>
internal sealed class TestClient(Uri url) : IDisposable
{
#pragma warning disable RS0030 // there is no server in this process that could make a client
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }, disposeHandler: true) { BaseAddress = url };
#pragma warning restore RS0030

    public async Task<HttpStatusCode> GetStatusAsync(string path, CancellationToken ct)
    {
        using var response = await _http.GetAsync(path, ct);
        return response.StatusCode;
    }

    public async Task CreateFirstUserAsync(CancellationToken ct)
    {
        var user = new { email = "owner@example.com", username = "owner", password = "SomeSecurePassword!" };
        using var response = await _http.PostAsJsonAsync("/api/v2/users/first", user, ct);
        response.EnsureSuccessStatusCode();
    }

    public async Task<JsonObject> PostAsync(string path, object body, CancellationToken ct)
    {
        using var response = await _http.PostAsJsonAsync(path, body, ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>(ct))!;
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken ct) => (await _http.GetFromJsonAsync<JsonObject>(path, ct))!;

    /// <summary>Sends with a credential of its own.</summary>
    /// <returns>The status, or <see langword="null"/> when the server went away before it answered.</returns>
    public async Task<HttpStatusCode?> TryPostAsync(string path, object body, string header, string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add(header, token);
        try
        {
            using var response = await _http.SendAsync(request, ct);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>All further calls are of this user.</summary>
    public async Task LogInAsync(string email, string password, CancellationToken ct)
    {
        var session = await PostAsync("/api/v2/users/login", new { email, password }, ct);
        _http.DefaultRequestHeaders.Add("Coder-Session-Token", session["session_token"]!.GetValue<string>());
    }

    public void Dispose() => _http.Dispose();
}
