using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Coder.Domain.Common;

/// <summary>
/// The text of a search (<c>q</c>), taken apart into keys and values (docs/spec/platform.md, section 4 rule 7). An area reads the keys that
/// it knows, in the order in which their errors are to be listed, and then asks for the outcome by <see cref="Finish{T}"/>.
/// </summary>
/// <remarks>
/// <para>The text is lower-cased and split at spaces outside of double quotes; a quote that is never closed runs to the end.</para>
/// <para>Each element is <c>key:value</c> or free text. Quotes stay in free text and are taken off keys and values.</para>
/// <para>An element that can not be read makes all others unimportant: its error is then the only one.</para>
/// </remarks>
public sealed partial class SearchQuery
{
    private const int LongestText = 8 * 1024;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _keys = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];
    private FieldError? _unreadable;

    private SearchQuery()
    {
    }

    /// <summary>Takes a search text apart.</summary>
    /// <param name="text">As the client sent it; may be empty.</param>
    /// <param name="freeTextKey">The key that words without a key count for; where the area does not know it, they are errors.</param>
    /// <param name="withColons">Keys whose values may have colons outside of quotes, such as times; by default none.</param>
    public static SearchQuery Parse(string text, string freeTextKey, params ReadOnlySpan<string> withColons)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(freeTextKey);
        var query = new SearchQuery();
        foreach (var element in Split(text.ToLowerInvariant(), ' '))
        {
            if (query.Take(element, freeTextKey, withColons) is { } problem)
            {
                query._unreadable = new FieldError("q", $"Query element \"{Escape(element)}\" {problem}");
                break;
            }
        }

        return query;
    }

    /// <summary>
    /// The refusal of a text that no area reads, however it is made up: one of more than 8 KiB in UTF-8, or one with NUL, which the
    /// database can not compare with anything; <see langword="null"/> when the text may be taken apart.
    /// </summary>
    /// <param name="text">As the client sent it.</param>
    /// <param name="message">The message of the area for searches that can not be read.</param>
    public static Error? Refusal(string text, string message)
    {
        ArgumentNullException.ThrowIfNull(text);
        var detail = Encoding.UTF8.GetByteCount(text) > LongestText ? "Query param \"q\" must not be longer than 8 KiB"
            : text.Contains('\0', StringComparison.Ordinal) ? "Query param \"q\" must not contain NUL"
            : null;
        return detail is null ? null : new Error(ErrorKind.Invalid, message, null, [new FieldError("q", detail)]);
    }

    /// <summary>The one value of a key, or <see langword="null"/> when it is absent or empty. A second value is an error.</summary>
    public string? Text(string key)
    {
        if (!TryGet(key, out var values) || values[0].Length == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            Refuse(key, $"Query param \"{key}\" provided more than once, found {values.Count} times. Only provide 1 instance of this query param.");
            return null;
        }

        return values[0];
    }

    /// <summary>All values of a key that may be repeated or hold several values with commas between them; empty ones do not count.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        TryGet(key, out var values) ? [.. values.SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries))] : [];

    /// <summary>All values of a key that may be repeated, as they stand: commas do not separate.</summary>
    public IReadOnlyList<string> Whole(string key) => TryGet(key, out var values) ? [.. values.Where(v => v.Length > 0)] : [];

    /// <summary>A UUID: hyphenated, as 32 hexadecimal digits, in braces, or after <c>urn:uuid:</c>. The nil UUID counts as absent.</summary>
    public Guid? Uuid(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        var isRead = UuidText.TryParse(text, out var id);
        if (!isRead)
        {
            Refuse(key, $"Query param \"{key}\" must be a valid uuid");
        }

        return isRead && id != Guid.Empty ? id : null;
    }

    /// <summary>A whole number of at most 64 bits.</summary>
    public long? Number(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Refuse(key, $"Query param \"{key}\" must be a valid 64-bit integer: \"{text}\" is none");
        return null;
    }

    /// <summary>A time in the form of RFC 3339, in UTC. Year 1 counts as absent.</summary>
    public DateTimeOffset? Time(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (ReadTime(text) is { } time)
        {
            return time == DateTimeOffset.MinValue ? null : time;
        }

        Refuse(key, $"Query param \"{key}\" must be a valid date format (2006-01-02T15:04:05.999999999Z07:00): \"{text}\" is no such time");
        return null;
    }

    /// <summary>A date, <c>YYYY-MM-DD</c>.</summary>
    public DateOnly? Date(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        Refuse(key, $"Query param \"{key}\" must be a valid date format (2006-01-02): \"{text}\" is no such date");
        return null;
    }

    /// <summary>One of the names of an enumeration.</summary>
    /// <param name="key">The key.</param>
    /// <param name="find">Finds a value by its lower-case name.</param>
    public T? OneOf<T>(string key, Func<string, T?> find)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(find);
        return Text(key) is { } text ? Known(key, text, find) : null;
    }

    /// <summary>Any of the names of an enumeration, repeated or with commas between them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="find">Finds a value by its lower-case name.</param>
    public IReadOnlyList<T> AnyOf<T>(string key, Func<string, T?> find)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(find);
        return [.. Texts(key).Select(text => Known(key, text, find)).OfType<T>()];
    }

    /// <summary>Adds an error that only the area can find.</summary>
    /// <param name="field">The key.</param>
    /// <param name="detail">What is wrong.</param>
    public void Refuse(string field, string detail) => _errors.Add(new FieldError(field, detail));

    /// <summary>Ends the reading: keys that nobody has read are unknown.</summary>
    /// <param name="value">What was read.</param>
    /// <param name="message">The message of the area for searches that can not be read.</param>
    public Result<T> Finish<T>(T value, string message)
    {
        FieldError[] errors = _unreadable is { } unreadable
            ? [unreadable]
            : [.. _errors, .. _keys.Where(k => !_known.Contains(k)).Select(k => new FieldError(k, $"\"{k}\" is not a valid query param"))];
        return errors.Length == 0 ? value : new Error(ErrorKind.Invalid, message, null, errors);
    }

    private string? Take(string element, string freeTextKey, ReadOnlySpan<string> withColons)
    {
        if (element[0] == ':' || element[^1] == ':')
        {
            return "cannot start or end with ':'";
        }

        var pieces = Split(element, ':');
        var key = pieces[0].Trim('"');
        if (pieces.Count > 2 && withColons.Contains(key))
        {
            pieces = [pieces[0], element[pieces[0].Length..].TrimStart(':')];
        }

        if (pieces.Count > 2)
        {
            return "can only contain 1 ':'";
        }

        if (pieces.Count == 1)
        {
            Add(freeTextKey, element);
        }
        else
        {
            Add(key, pieces[1].Trim('"'));
        }

        return null;
    }

    private void Add(string key, string value)
    {
        if (!_values.TryGetValue(key, out var values))
        {
            _values[key] = values = [];
            _keys.Add(key);
        }

        values.Add(value);
    }

    private bool TryGet(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out List<string>? values)
    {
        _known.Add(key);
        return _values.TryGetValue(key, out values);
    }

    private T? Known<T>(string key, string text, Func<string, T?> find)
        where T : struct
    {
        if (find(text) is { } value)
        {
            return value;
        }

        Refuse(key, $"Query param \"{key}\" has invalid value: \"{text}\" is not a valid value");
        return null;
    }

    // Pieces between separators outside of quotes; quotes stay, empty pieces do not.
    private static List<string> Split(string text, char separator)
    {
        var pieces = new List<string>();
        var isQuoted = false;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"')
            {
                isQuoted = !isQuoted;
            }

            if (i == text.Length || (text[i] == separator && !isQuoted))
            {
                if (i > start)
                {
                    pieces.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return pieces;
    }

    private static string Escape(string element) =>
        element.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static DateTimeOffset? ReadTime(string text)
    {
        var match = Rfc3339().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // A tick is a hundred nanoseconds; what is finer is cut.
        var fraction = match.Groups["fraction"].Value.PadRight(7, '0')[..7];
        var zone = match.Groups["zone"].Value is "z" ? "+00:00" : match.Groups["zone"].Value;
        var normal = $"{match.Groups["date"].Value}T{match.Groups["time"].Value}.{fraction}{zone}";
        return DateTimeOffset.TryParseExact(
            normal, "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})t(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?<fraction>[0-9]+))?(?<zone>z|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
