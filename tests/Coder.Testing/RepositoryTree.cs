namespace Coder.Testing;

/// <summary>The source tree that the tests were built in, for tests of what stands beside the code.</summary>
/// <remarks>It is found from the output folder upwards: paths that the compiler knows are replaced in deterministic builds.</remarks>
public static class RepositoryTree
{
    private const string Marker = "Coder.sln";

    /// <summary>The absolute path of its top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>What a generated file holds; with <c>UPDATE_GOLDEN=1</c> it is first written anew.</summary>
    /// <param name="path">Below <see cref="Root"/>, with forward slashes.</param>
    /// <param name="generated">What it should hold.</param>
    /// <returns>The text of the file with <c>\n</c> as line ending; empty when there is no such file.</returns>
    public static string Stored(string path, string generated)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, generated);
        }

        return File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Marker)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside of their source tree.");
    }
}
