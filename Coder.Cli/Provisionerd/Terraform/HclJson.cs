using System.Text;
using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>
/// Reads the JSON form of Terraform's language as far as <see cref="TemplateSource"/> looks at it. What is a block and what an attribute is
/// not written there, so that only the blocks that are known by name come out.
/// </summary>
/// <remarks>https://developer.hashicorp.com/terraform/language/syntax/json.</remarks>
internal static class HclJson
{
    // Members of this name are for people.
    private const string Comment = "//";

    // By the number of labels.
    private static readonly (string Type, int Labels)[] Known = [("variable", 1), ("locals", 0), ("terraform", 0)];
    private static readonly (string Type, int Labels)[] KnownInTerraform = [("backend", 1), ("cloud", 0)];

    /// <summary>Reads a file <c>*.tf.json</c>.</summary>
    /// <returns><see langword="null"/> when it is no JSON; Terraform itself then says what is wrong.</returns>
    internal static HclBody? Read(string text) => Parse(text, root => new HclBody([], Blocks(root, Known)));

    /// <summary>Reads a file of values, <c>*.tfvars.json</c>.</summary>
    /// <returns>As above.</returns>
    internal static HclBody? ReadValues(string text) => Parse(text, root => new HclBody(Attributes(root), []));

    private static HclBody? Parse(string text, Func<JsonElement, HclBody> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for half of a surrogate pair.
            return null;
        }
    }

    private static List<HclBlock> Blocks(JsonElement body, (string Type, int Labels)[] known) =>
    [
        .. from member in Members(body)
           from kind in known
           where kind.Type == member.Name
           from block in Blocks(kind.Type, member.Value, kind.Labels, [])
           select block,
    ];

    private static IEnumerable<HclBlock> Blocks(string type, JsonElement value, int missing, IReadOnlyList<string> labels) => missing > 0
        ? Members(value).SelectMany(member => Blocks(type, member.Value, missing - 1, [.. labels, member.Name]))
        : Bodies(value).Select(body => new HclBlock(
            type, labels, new HclBody(Attributes(body), type == "terraform" ? Blocks(body, KnownInTerraform) : [])));

    private static List<HclAttribute> Attributes(JsonElement body) =>
        [.. Members(body).Select(member => new HclAttribute(member.Name, Expression(member.Value)))];

    private static IEnumerable<JsonProperty> Members(JsonElement value) =>
        Bodies(value).SelectMany(body => body.EnumerateObject()).Where(member => member.Name != Comment);

    // Where there may be several blocks there may be a list of them.
    private static IEnumerable<JsonElement> Bodies(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [value],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object),
        _ => [],
    };

    // Lists and objects are written alike in both forms; texts are not quite.
    private static string Expression(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetRawText();
        }

        var text = new StringBuilder("\"");
        foreach (var character in value.GetString()!)
        {
            text.Append(character switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => character.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
