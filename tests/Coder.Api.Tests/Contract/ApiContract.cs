using System.Text.Json.Nodes;

namespace Coder.Api.Tests.Contract;

/// <summary>What clients of the API rely on, read from <c>api-contract.json</c>, and what of it is not built yet.</summary>
internal static class ApiContract
{
    private static readonly JsonObject Root = JsonNode.Parse(Read("api-contract.json"))!.AsObject();

    /// <summary>The endpoints by method and path.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Endpoints { get; } = Root["endpoints"]!.AsArray()
        .Select(e => e!.AsObject())
        .ToDictionary(e => $"{e["method"]} {e["path"]}", StringComparer.Ordinal);

    /// <summary>Endpoints of the first version that are still to be built, one a line.</summary>
    public static IReadOnlyList<string> NotBuiltYet { get; } =
        Read("not-built-yet.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Follows a reference.</summary>
    public static JsonObject Resolve(JsonNode schema) =>
        schema["schema"] is { } name ? Root["schemas"]![name.GetValue<string>()]!.AsObject() : schema.AsObject();

    private static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contract", file));
}
