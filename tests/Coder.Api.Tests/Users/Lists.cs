using System.Text.Json.Nodes;

namespace Coder.Api.Tests.Users;

/// <summary>Reads answers that are lists.</summary>
internal static class Lists
{
    public static async Task<IReadOnlyList<JsonObject>> ListAsync(this HttpResponseMessage response, CancellationToken ct) =>
        [.. JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))!.AsArray().Select(item => item!.AsObject())];

    public static async Task<IReadOnlyList<Guid>> IdsAsync(HttpResponseMessage response, CancellationToken ct) =>
        [.. (await response.ListAsync(ct)).Select(item => item["id"]!.GetValue<Guid>())];
}
