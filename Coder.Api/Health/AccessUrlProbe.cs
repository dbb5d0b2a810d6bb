using Coder.Api.Deployment;
using Coder.Application.Health;
using Coder.Domain.Health;

namespace Coder.Api.Health;

/// <summary>Asks <c>/healthz</c> of the access URL, as a client would. Nothing else ever leaves this server for a health report.</summary>
internal sealed class AccessUrlProbe(IHttpClientFactory clients, AccessUrl accessUrl) : IAccessUrlProbe
{
    /// <summary>The name of the client.</summary>
    public const string Client = "access url";

    private const int LongestBody = 256;

    public async Task<AccessUrlHealthReport> ProbeAsync(CancellationToken ct)
    {
        var url = accessUrl.Value;
        using var client = clients.CreateClient(Client);
        try
        {
            using var response = await client.GetAsync(new Uri($"{url}/healthz"), HttpCompletionOption.ResponseHeadersRead, ct);
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            var bytes = new byte[LongestBody];
            var length = await body.ReadAtLeastAsync(bytes, LongestBody, throwOnEndOfStream: false, ct);
            return new AccessUrlHealthReport(url, (int)response.StatusCode, System.Text.Encoding.UTF8.GetString(bytes, 0, length), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new AccessUrlHealthReport(url, null, "", e is OperationCanceledException ? "There was no answer in time." : e.Message);
        }
    }
}
