using Coder.Testing;

namespace Coder.Architecture.Tests.Docs;

public sealed class LinksTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-docs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_link_image_and_anchor_of_every_page_leads_somewhere()
    {
        var tree = new DocsTree(RepositoryTree.Root, DocsTree.PagesOf(RepositoryTree.Root));

        var dead = tree.DeadLinks();

        tree.Count.Should().BeGreaterThan(20);
        dead.Should().BeEmpty();
    }

    [Fact]
    public void The_manifest_names_every_page_of_docs_once_and_nothing_else()
    {
        var tree = new DocsTree(RepositoryTree.Root, DocsTree.PagesOf(RepositoryTree.Root));

        var problems = tree.ManifestProblems();

        problems.Should().BeEmpty();
    }

    [Theory]
    [InlineData("[x](missing.md)", "leads nowhere")]
    [InlineData("![x](missing.png)", "leads nowhere")]
    [InlineData("[x](../../outside.md)", "leads nowhere")]
    [InlineData("[x](other.md#no-such-heading)", "names a heading that the page does not have")]
    [InlineData("[x](#no-such-heading)", "names a heading that the page does not have")]
    public void A_dead_link_is_found(string text, string problem)
    {
        var tree = Plant(("docs/index.md", text), ("docs/other.md", "# Some heading"));

        var dead = tree.DeadLinks();

        dead.Should().ContainSingle().Which.Should().StartWith("docs/index.md: ").And.EndWith(problem);
    }

    [Theory]
    [InlineData("[x](other.md)")]
    [InlineData("[x](other.md#some-heading)")]
    [InlineData("[x](other.md#41-a-rule-of-two-words)")]
    [InlineData("[x](https://example.com/missing.md)")]
    [InlineData("`[x](missing.md)`")]
    public void A_live_link_is_none_of_them(string text)
    {
        var tree = Plant(("docs/index.md", text), ("docs/other.md", "# Some heading\n\n## 4.1 A rule (of `two` words)"));

        var dead = tree.DeadLinks();

        dead.Should().BeEmpty();
    }

    [Fact]
    public void Orphans_doubles_and_missing_pages_of_the_manifest_are_found()
    {
        var tree = Plant(("docs/index.md", "# Start"), ("docs/orphan.md", "# Nobody knows me"), ("README.md", "# Outside of the manifest"));
        File.WriteAllText(
            Path.Combine(_folder.FullName, "docs/manifest.json"),
            """
            { "routes": [
                { "title": "Start", "path": "index.md", "children": [ { "title": "Start again", "path": "index.md" } ] },
                { "title": "", "path": "gone.md" }
            ] }
            """);

        var problems = tree.ManifestProblems();

        problems.Should().BeEquivalentTo(
            "docs/gone.md has no title", "docs/gone.md does not exist", "docs/index.md is named twice", "docs/orphan.md is not in the manifest");
    }

    private DocsTree Plant(params (string Path, string Text)[] pages)
    {
        foreach (var (path, text) in pages)
        {
            var file = Path.Combine(_folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        return new DocsTree(_folder.FullName, pages.Select(page => page.Path));
    }
}
