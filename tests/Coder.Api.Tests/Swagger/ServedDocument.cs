using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Swagger;

/// <summary>The OpenAPI document as a client gets it.</summary>
public sealed class ServedDocument : IAsyncLifetime
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private TestServer? _server;
    private JsonObject? _root;

    /// <summary>The bytes as text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The whole document.</summary>
    public JsonObject Root => _root!;

    /// <summary>The named schemas.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Schemas => Root["components"]!["schemas"]!.AsObject();

    /// <summary>Everything that is served and documented.</summary>
    public IEnumerable<Operation> Operations =>
        from path in Root["paths"]!.AsObject()
        from item in path.Value!.AsObject()
        where Methods.Contains(item.Key)
        select new Operation(item.Key.ToUpperInvariant(), path.Key, item.Value!.AsObject());

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        _server = await TestServer.StartAsync(null, ct);
        Text = await _server.Anonymous.GetStringAsync("/swagger/v1/swagger.json", ct);
        _root = JsonNode.Parse(Text)!.AsObject();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Follows references, also those that are wrapped so that they can have a description.</summary>
    public JsonObject Resolve(JsonNode? schema)
    {
        var node = schema!.AsObject();
        if (node["allOf"] is JsonArray { Count: 1 } wrapped)
        {
            return Resolve(wrapped[0]);
        }

        return node["$ref"] is { } reference
            ? Resolve(Root["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]])
            : node;
    }
}

/// <summary>One method of one path.</summary>
public sealed record Operation(string Method, string Path, JsonObject Node)
{
    /// <summary>As one writes it down.</summary>
    public string Name => $"{Method} {Path}";

    /// <summary>Whether it belongs to the API proper, with its common errors; the others are for load balancers.</summary>
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>The answers by status.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Responses => Node["responses"]!.AsObject();

    /// <summary>The parameters, of whatever place.</summary>
    public IEnumerable<JsonObject> Parameters => Node["parameters"]?.AsArray().Select(p => p!.AsObject()) ?? [];

    /// <summary>The schema of a body or of an answer; <see langword="null"/> when there is no body.</summary>
    public static JsonNode? SchemaOf(JsonNode? body) => body?["content"]?.AsObject().Select(c => c.Value!["schema"]).FirstOrDefault();
}
