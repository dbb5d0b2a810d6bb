using System.Globalization;
using System.Text.Json;

namespace Coder.Cli.Provisionerd;

/// <summary>Lines of a log on their way to the server, in order, and how many of them go together.</summary>
/// <remarks>
/// What counts is what a line takes in the body of a request: quotes and everything beyond ASCII are six bytes there, so that a few lines
/// of many characters would be more than the 1 MiB that a server takes. What is left behind is told in the log itself.
/// </remarks>
internal sealed class PendingLines
{
    /// <summary>The most lines of one call.</summary>
    internal const int MostLines = 100;

    /// <summary>The most bytes that the lines of one call take; a single line is always less than that.</summary>
    internal const int MostBytes = 512 * 1024;

    private const string Source = "provisioner_daemon";
    private const string Level = "warn";

    private readonly List<Entry> _entries = [];
    private int _mostBytes = MostBytes;

    /// <summary>Whether there is none.</summary>
    internal bool IsEmpty => _entries.Count == 0;

    /// <summary>Whether one call could not carry more lines.</summary>
    internal bool IsFull => _entries.Count >= MostLines;

    /// <summary>Adds a line at the end.</summary>
    internal void Add(LogLineJson line) => _entries.Add(Entry.Of(line, isNote: false));

    /// <summary>The lines of the next call; none when there is none.</summary>
    internal IReadOnlyList<LogLineJson> Next()
    {
        var count = 0;
        for (var bytes = 0; count < Math.Min(_entries.Count, MostLines); count++)
        {
            bytes += _entries[count].Bytes;
            if (count > 0 && bytes > _mostBytes)
            {
                break;
            }
        }

        return [.. _entries.Take(count).Select(entry => entry.Line)];
    }

    /// <summary>The first lines have arrived.</summary>
    internal void Sent(int count) => _entries.RemoveRange(0, count);

    /// <summary>
    /// The first lines are more than the server, or something before it, takes: from now on fewer go together. One that does not even get
    /// through alone is left behind.
    /// </summary>
    internal void TooLarge(int count)
    {
        if (count > 1)
        {
            _mostBytes = _entries.Take(count).Sum(entry => entry.Bytes) / 2;
            return;
        }

        Drop(count, lines => string.Create(
            CultureInfo.InvariantCulture,
            $"A line of {lines[0].Output.Length} characters is missing here: the server does not take one of that size."));
    }

    /// <summary>The server does not want the first lines, and will not want them later.</summary>
    internal void Refused(int count, string why) => Drop(count, lines => string.Create(
        CultureInfo.InvariantCulture, $"Lines missing here: {lines.Count}. The server refused them: {why}"));

    // A note that does not get through either is not followed by another one.
    private void Drop(int count, Func<IReadOnlyList<LogLineJson>, string> note)
    {
        var lost = _entries.Take(count).Where(entry => !entry.IsNote).Select(entry => entry.Line).ToList();
        _entries.RemoveRange(0, count);
        if (lost is [var first, ..])
        {
            _entries.Insert(0, Entry.Of(first with { Source = Source, Level = Level, Output = note(lost) }, isNote: true));
        }
    }

    private readonly record struct Entry(LogLineJson Line, int Bytes, bool IsNote)
    {
        // And a comma.
        internal static Entry Of(LogLineJson line, bool isNote) =>
            new(line, JsonSerializer.SerializeToUtf8Bytes(line, DaemonJsonContext.Default.LogLineJson).Length + 1, isNote);
    }
}
