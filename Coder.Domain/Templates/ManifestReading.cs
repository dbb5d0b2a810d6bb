using System.Globalization;

namespace Coder.Domain.Templates;

/// <summary>What is shared while one manifest is read.</summary>
internal sealed class ManifestReading
{
    private static readonly string NoRoom = string.Create(
        CultureInfo.InvariantCulture,
        $"brings the texts of all resources, with the values in them, to more than {Templates.Placeholders.MaximumTotal} characters");

    // A file of 1 MiB has room for hundreds of thousands.
    private const int MaximumProblems = 1000;

    // What is left of the characters that texts may have with their values: a value may be long, and stand in each of them many times.
    private int _room = Templates.Placeholders.MaximumTotal;
    private bool _isFull;

    public List<ManifestProblem> Problems { get; } = [];

    /// <summary>Finds the values of placeholders in texts that may have them; <see langword="null"/>: nothing is a placeholder.</summary>
    public Func<string, string?>? Placeholders { get; set; }

    /// <summary>Whether placeholders are only looked up, and the text stays as it is.</summary>
    public bool KeepsPlaceholders { get; set; }

    /// <summary>
    /// Puts the values of its placeholders into a text, or notes what is wrong with it. Also the work for a text that is wrong counts, and
    /// once it was noted that there is no room, texts stay as they are.
    /// </summary>
    public bool TryExpand(ref string text, string path, int maximum)
    {
        if (Placeholders is not { } find || _isFull)
        {
            return true;
        }

        var limit = KeepsPlaceholders ? int.MaxValue : Math.Min(maximum, _room);
        if (!Templates.Placeholders.TryExpandWithin(text, find, limit, out var expanded, out var problem))
        {
            _isFull = problem is null && limit < maximum;
            _room -= KeepsPlaceholders ? 0 : limit;
            Add(path, problem ?? (_isFull ? NoRoom : ManifestText.TooLong(maximum)));
            return false;
        }

        if (!KeepsPlaceholders)
        {
            _room -= expanded.Length;
            text = expanded;
        }

        return true;
    }

    public void Add(string path, string text)
    {
        if (Problems.Count < MaximumProblems)
        {
            Problems.Add(new ManifestProblem(path, text));
        }
    }
}
