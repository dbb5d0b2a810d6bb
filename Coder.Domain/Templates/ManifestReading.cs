namespace Coder.Domain.Templates;

/// <summary>What is shared while one manifest is read.</summary>
internal sealed class ManifestReading
{
    // A file of 1 MiB has room for hundreds of thousands.
    private const int MaximumProblems = 1000;

    public List<ManifestProblem> Problems { get; } = [];

    /// <summary>Finds the values of placeholders in texts that may have them; <see langword="null"/>: nothing is a placeholder.</summary>
    public Func<string, string?>? Placeholders { get; set; }

    /// <summary>Whether placeholders are only looked up, and the text stays as it is.</summary>
    public bool KeepsPlaceholders { get; set; }

    public void Add(string path, string text)
    {
        if (Problems.Count < MaximumProblems)
        {
            Problems.Add(new ManifestProblem(path, text));
        }
    }
}
