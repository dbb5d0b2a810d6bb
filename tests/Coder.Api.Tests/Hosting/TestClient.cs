using System.Net;
using System.Net.Http.Json;

namespace Coder.Api.Tests.Hosting;

/// <summary>The little of HTTP that tests of whole processes need.</summary>
internal sealed class TestClient(Uri url) : IDisposable
{
#pragma warning disable RS0030 // there is no server in this process that could make a client
    private readonly HttpClient _http = new(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = url };
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

    public void Dispose() => _http.Dispose();
}
