using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Coder.Cli.Common;

/// <summary>JSON for programs, in the form that people can read too.</summary>
internal static class JsonText
{
    // The output goes to a terminal or a file and never into a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Indented text of what <paramref name="write"/> writes.</summary>
    internal static string Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Indented text of a list, each element as the server sent it.</summary>
    internal static string OfList(IEnumerable<JsonElement> elements) => Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var element in elements)
        {
            element.WriteTo(writer);
        }

        writer.WriteEndArray();
    });
}
