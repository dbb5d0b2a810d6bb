using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Coder.Domain.Templates;

/// <summary>
/// An object of a manifest while it is read: gives typed values, notes what is wrong with its path, and knows which keys nobody asked
/// for. <c>null</c> is the same as an absent key. Every value comes back usable, so that one problem does not hide the others.
/// </summary>
internal sealed class ManifestNode
{
    private readonly ManifestReading _reading;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private ManifestNode(JsonElement element, string path, ManifestReading reading)
    {
        _reading = reading;
        Path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            reading.Add(path, "must be an object");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!TryName(property, out var name))
            {
                reading.Add(path, "has a key that is not Unicode");
            }
            else if (!_values.TryAdd(name, property.Value))
            {
                reading.Add(path + ManifestText.Step(name), "must be there only once");
            }
        }
    }

    public string Path { get; }

    /// <summary>Reads one object completely, and complains about every key that <paramref name="read"/> did not ask for.</summary>
    public static T Read<T>(JsonElement element, string path, ManifestReading reading, Func<ManifestNode, T> read)
    {
        var node = new ManifestNode(element, path, reading);
        var value = read(node);
        foreach (var name in node._values.Keys.Where(name => !node._asked.Contains(name)))
        {
            reading.Add(node.PathOf(name), "is not a known key");
        }

        return value;
    }

    /// <summary>Reads every object of a list.</summary>
    public static List<T> ReadItems<T>(JsonElement list, string path, ManifestReading reading, Func<ManifestNode, T> read)
    {
        if (list.ValueKind == JsonValueKind.Array)
        {
            return [.. list.EnumerateArray().Select((item, i) => Read(item, path + ManifestText.Step(i), reading, read))];
        }

        reading.Add(path, "must be an array");
        return [];
    }

    public string PathOf(string name) => Path + ManifestText.Step(name);

    public void Complain(string name, string text) => _reading.Add(PathOf(name), text);

    public void Complain(string name, string key, string text) => _reading.Add(PathOf(name) + ManifestText.Step(key), text);

    public void Complain(string name, int index, string key, string text) =>
        _reading.Add(PathOf(name) + ManifestText.Step(index) + ManifestText.Step(key), text);

    /// <summary>Complains if the value was in the set before.</summary>
    public void MustBeUnique(string name, string value, HashSet<string> seen)
    {
        if (value.Length > 0 && !seen.Add(value))
        {
            Complain(name, "must be unique");
        }
    }

    public bool Has(string name) => TryGet(name, out _);

    public string Text(string name, int maximum = int.MaxValue) => TextOrNull(name, maximum) ?? "";

    public string RequiredText(string name, int maximum = int.MaxValue)
    {
        var before = _reading.Problems.Count;
        var text = Text(name, maximum);
        if (text.Length == 0 && _reading.Problems.Count == before)
        {
            Complain(name, Has(name) ? "must not be empty" : "is required");
        }

        return text;
    }

    public string? TextOrNull(string name, int maximum = int.MaxValue) =>
        TryGet(name, out var value) ? ReadText(value, PathOf(name), maximum) : null;

    public bool Flag(string name, bool absent = false)
    {
        if (!TryGet(name, out var value))
        {
            return absent;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Complain(name, "must be true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    public int Number(string name, int absent = 0, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        NumberOrNull(name, minimum, maximum) ?? absent;

    public int? NumberOrNull(string name, int minimum = int.MinValue, int maximum = int.MaxValue)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            Complain(name, "must be a whole number of 32 bits");
            return null;
        }

        if (number >= minimum && number <= maximum)
        {
            return number;
        }

        Complain(name, maximum == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"must be at least {minimum}")
            : string.Create(CultureInfo.InvariantCulture, $"must be from {minimum} to {maximum}"));
        return null;
    }

    /// <summary>One of a few names. An unknown one is complained about with all that are known.</summary>
    public T Choice<T>(string name, Func<T, string> wireName, T absent, params ReadOnlySpan<T> notAllowed)
        where T : struct, Enum => ChoiceOrNull(name, wireName, notAllowed) ?? absent;

    public T RequiredChoice<T>(string name, Func<T, string> wireName)
        where T : struct, Enum
    {
        if (!Has(name))
        {
            Complain(name, "is required");
        }

        return ChoiceOrNull(name, wireName) ?? default;
    }

    public T? ChoiceOrNull<T>(string name, Func<T, string> wireName, params ReadOnlySpan<T> notAllowed)
        where T : struct, Enum
    {
        if (!TryGet(name, out var value) || ReadText(value, PathOf(name), int.MaxValue) is not { } text)
        {
            return null;
        }

        return Choose(text, PathOf(name), wireName, notAllowed);
    }

    /// <summary>A list of names.</summary>
    public List<T>? ChoicesOrNull<T>(string name, Func<T, string> wireName)
        where T : struct, Enum
    {
        if (!TryGet(name, out var list))
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Complain(name, "must be an array");
            return null;
        }

        var choices = new List<T>();
        foreach (var (i, item) in list.EnumerateArray().Index())
        {
            var path = PathOf(name) + ManifestText.Step(i);
            if (ReadText(item, path, int.MaxValue) is not { } text || Choose<T>(text, path, wireName, []) is not { } choice)
            {
                continue;
            }

            if (choices.Contains(choice))
            {
                _reading.Add(path, "must be unique");
            }

            choices.Add(choice);
        }

        return choices;
    }

    public List<T> Items<T>(string name, Func<ManifestNode, T> read) =>
        TryGet(name, out var list) ? ReadItems(list, PathOf(name), _reading, read) : [];

    /// <summary>What an object is read as; the default value of the type if there is none.</summary>
    public T? Object<T>(string name, Func<ManifestNode, T?> read) =>
        TryGet(name, out var value) ? Read(value, PathOf(name), _reading, read) : default;

    /// <summary>An object whose keys are free and whose values are texts.</summary>
    public Dictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!TryGet(name, out var value))
        {
            return map;
        }

        var node = new ManifestNode(value, PathOf(name), _reading);
        foreach (var (key, item) in node._values)
        {
            if (key.Contains('\0', StringComparison.Ordinal))
            {
                node.Complain(key, "must not contain a NUL character");
            }

            map[key] = ReadText(item, node.PathOf(key), int.MaxValue) ?? "";
        }

        return map;
    }

    private static bool TryName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    private bool TryGet(string name, out JsonElement value)
    {
        _asked.Add(name);
        return _values.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private T? Choose<T>(string text, string path, Func<T, string> wireName, ReadOnlySpan<T> notAllowed)
        where T : struct, Enum
    {
        var names = new List<string>();
        foreach (var choice in Enum.GetValues<T>())
        {
            if (notAllowed.Contains(choice))
            {
                continue;
            }

            if (wireName(choice) == text)
            {
                return choice;
            }

            names.Add(wireName(choice));
        }

        _reading.Add(path, $"must be one of {string.Join(", ", names.Where(n => n.Length > 0))}");
        return null;
    }

    private string? ReadText(JsonElement value, string path, int maximum)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _reading.Add(path, "must be a string");
            return null;
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Text is decoded only now, and this is how an escape that is half a character is reported.
            _reading.Add(path, "is not Unicode");
            return null;
        }

        if (!_reading.TryExpand(ref text, path, maximum))
        {
            return null;
        }

        var problem = text.Contains('\0', StringComparison.Ordinal) ? "must not contain a NUL character"
            : text.Length > maximum ? ManifestText.TooLong(maximum)
            : null;
        if (problem is not null)
        {
            _reading.Add(path, problem);
            return null;
        }

        return text;
    }
}
