using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>The licensing endpoints as a client sees them.</summary>
internal static class LicensingApi
{
    public const string Licenses = "/api/v2/licenses";
    public const string Refresh = Licenses + "/refresh-entitlements";
    public const string Entitlements = "/api/v2/entitlements";
    public const string WarningHeader = "X-Coder-Entitlements-Warning";

    public static Task<HttpResponseMessage> PostLicenseAsync(this HttpClient client, string? license, CancellationToken ct) =>
        client.PostAsJsonAsync(Licenses, new { license }, ct);

    public static async Task<JsonObject> AddLicenseAsync(this HttpClient client, string license, CancellationToken ct)
    {
        using var response = await client.PostLicenseAsync(license, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created, body);
        return JsonNode.Parse(body)!.AsObject();
    }

    public static async Task<HttpStatusCode> DeleteLicenseAsync(this HttpClient client, int id, CancellationToken ct)
    {
        using var response = await client.DeleteAsync(new Uri($"{Licenses}/{id}", UriKind.Relative), ct);
        return response.StatusCode;
    }

    public static async Task<JsonObject> EntitlementsAsync(this HttpClient client, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonObject>(Entitlements, ct))!;

    public static async Task<JsonArray> LicensesAsync(this HttpClient client, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonArray>(Licenses, ct))!;

    public static int Id(this JsonNode license) => license["id"]!.GetValue<int>();

    public static bool HasLicense(this JsonObject entitlements) => entitlements["has_license"]!.GetValue<bool>();

    public static JsonObject Feature(this JsonObject entitlements, string name) => entitlements["features"]![name]!.AsObject();

    public static string Level(this JsonObject entitlements, string feature) =>
        entitlements.Feature(feature)["entitlement"]!.GetValue<string>();

    public static long Number(this JsonObject feature, string name) => feature[name]!.GetValue<long>();

    public static string[] Texts(this JsonObject json, string name) => [.. json[name]!.AsArray().Select(t => t!.GetValue<string>())];

    public static DateTimeOffset RefreshedAt(this JsonObject entitlements) => entitlements["refreshed_at"]!.GetValue<DateTimeOffset>();

    /// <summary>Status, message and detail of an answer that is an error.</summary>
    public static async Task<(HttpStatusCode Status, string? Message, string? Detail)> ErrorAsync(
        this HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(ct);
        return (response.StatusCode, body!["message"]?.GetValue<string>(), body["detail"]?.GetValue<string>());
    }

    /// <summary>The document of a node, once it is as expected; the last one seen when it never was.</summary>
    public static Task<JsonObject> EntitlementsWhenAsync(this HttpClient client, Func<JsonObject, bool> holds, CancellationToken ct) =>
        Eventually.ReadAsync(() => client.EntitlementsAsync(ct), holds, ct);

    /// <summary>Another node's eyes for the same session.</summary>
    public static HttpClient SameSessionOn(this HttpClient client, TestServer server) =>
        server.With(client.DefaultRequestHeaders.GetValues("Coder-Session-Token").Single());
}
