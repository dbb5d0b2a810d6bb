using System.Text;

namespace Coder.Api.Tests.Users;

/// <summary>Calls with JSON that is written out, so that tests show what clients send.</summary>
internal static class AccountCalls
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string json, CancellationToken ct) =>
        client.PostRawAsync(path, json, "application/json", ct);

    public static async Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string path, string json, CancellationToken ct)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await client.PutAsync(path, content, ct);
    }
}
