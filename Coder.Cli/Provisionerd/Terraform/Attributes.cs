using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>The attributes of a block in a document of Terraform. What is absent, null or of another kind is <see langword="null"/>.</summary>
internal readonly struct Attributes(JsonElement values)
{
    /// <summary>Text, also that of a number or a truth.</summary>
    internal string? Text(string name) => TextOf(Find(name));

    internal bool? Flag(string name) => Find(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A whole number of 32 bits.</summary>
    internal int? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Nested blocks, or the one object.</summary>
    internal IReadOnlyList<Attributes> Blocks(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.Object } one => [new Attributes(one)],
        { ValueKind: JsonValueKind.Array } many =>
            [.. many.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => new Attributes(item))],
        _ => [],
    };

    /// <summary>A list of texts.</summary>
    internal IReadOnlyList<string> Texts(string name) => Find(name) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select(item => TextOf(item)).OfType<string>()]
        : [];

    /// <summary>A map of texts; entries without a value are left out.</summary>
    internal IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Members(name))
        {
            if (TextOf(value) is { } text)
            {
                map[key] = text;
            }
        }

        return map;
    }

    /// <summary>The members of an object, in their order.</summary>
    internal IEnumerable<(string Name, JsonElement Value)> Members(string name) => Find(name) is { ValueKind: JsonValueKind.Object } map
        ? map.EnumerateObject().Select(member => (member.Name, member.Value))
        : [];

    /// <summary>The value itself, unless it is null.</summary>
    internal JsonElement? Find(string name) =>
        values.ValueKind == JsonValueKind.Object && values.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    private static string? TextOf(JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
        _ => null,
    };
}
