namespace Coder.Domain.Tests;

/// <summary>Compares text with an approved file; <c>UPDATE_GOLDEN=1</c> rewrites the file in the source tree instead.</summary>
internal static class GoldenFile
{
    public static void Compare(string path, string actual)
    {
        var text = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), path), text);
            return;
        }

        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)).ReplaceLineEndings("\n");
        text.Should().Be(approved, "{0} holds what was approved; run the tests with UPDATE_GOLDEN=1 and review the change", path);
    }

    // Compiler-made paths are no help: a deterministic build replaces them.
    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && folder.GetFiles("Coder.Domain.Tests.csproj").Length == 0)
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside of their source tree.");
    }
}
