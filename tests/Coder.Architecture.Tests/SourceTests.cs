using Coder.Testing;

namespace Coder.Architecture.Tests;

public sealed class SourceTests
{
    private const int Limit = 400;

    /// <summary>Nobody needs four hundred lines for one thing; the house aims at three hundred.</summary>
    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines()
    {
        var sources = Directory.EnumerateDirectories(RepositoryTree.Root, "Coder.*")
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToList();

        var tooLong = sources.Where(file => File.ReadLines(file).Count() > Limit).Select(file => Path.GetRelativePath(RepositoryTree.Root, file));

        sources.Should().NotBeEmpty();
        tooLong.Should().BeEmpty();
    }
}
