using System.Text.Json;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Coder.Architecture.Tests.Docs;

/// <summary>The Markdown pages below a folder, with what is wrong about how they refer to each other.</summary>
internal sealed class DocsTree
{
    private const string ManifestPath = "docs/manifest.json";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly string _root;
    private readonly Dictionary<string, Page> _pages;

    /// <param name="root">The folder that has <c>docs/</c>.</param>
    /// <param name="pages">Paths below it with forward slashes, those in <c>docs/</c> and others.</param>
    public DocsTree(string root, IEnumerable<string> pages)
    {
        _root = root;
        _pages = pages.ToDictionary(path => path, path => Page.Read(path, File.ReadAllText(Path.Combine(root, path))), StringComparer.Ordinal);
    }

    /// <summary>How many pages there are.</summary>
    public int Count => _pages.Count;

    /// <summary>All pages in <c>docs/</c>, and the ones that stand beside the code.</summary>
    public static IEnumerable<string> PagesOf(string root) =>
        Directory.EnumerateFiles(root, "*.md", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => folder is "bin" or "obj" or "node_modules" || (folder.StartsWith('.') && folder != ".github")))
            .Order(StringComparer.Ordinal);

    /// <summary>Links and images whose file does not exist, and anchors that no heading has; one line each.</summary>
    public IEnumerable<string> DeadLinks() =>
        from page in _pages.Values
        from link in page.Links
        let problem = ProblemOf(page, link)
        where problem is not null
        select $"{page.Path}: {link} {problem}";

    /// <summary>What is wrong with the table of contents: paths that do not exist, pages that it leaves out or names twice.</summary>
    public IEnumerable<string> ManifestProblems()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(_root, ManifestPath)));
        var routes = Routes(manifest.RootElement.GetProperty("routes")).ToArray();
        var paths = routes.Select(route => route.Path).OfType<string>().ToArray();
        var untitled = routes.Where(route => string.IsNullOrWhiteSpace(route.Title)).Select(route => $"{route.Path} has no title");
        var missing = paths.Where(path => !_pages.ContainsKey(path)).Select(path => $"{path} does not exist");
        var twice = paths.GroupBy(path => path, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"{group.Key} is named twice");
        var orphans = _pages.Keys.Where(path => path.StartsWith("docs/", StringComparison.Ordinal)).Except(paths, StringComparer.Ordinal)
            .Select(path => $"{path} is not in the manifest");
        return [.. untitled, .. missing, .. twice, .. orphans];
    }

    private static IEnumerable<(string? Title, string? Path)> Routes(JsonElement routes)
    {
        foreach (var route in routes.EnumerateArray())
        {
            yield return (
                route.TryGetProperty("title", out var title) ? title.GetString() : null,
                route.TryGetProperty("path", out var path) ? $"docs/{path.GetString()}" : null);
            if (!route.TryGetProperty("children", out var children))
            {
                continue;
            }

            foreach (var child in Routes(children))
            {
                yield return child;
            }
        }
    }

    private string? ProblemOf(Page page, string link)
    {
        if (Uri.TryCreate(link, UriKind.Absolute, out var uri) && !uri.IsFile)
        {
            return null;
        }

        var hash = link.IndexOf('#', StringComparison.Ordinal);
        var (path, anchor) = hash < 0 ? (link, "") : (link[..hash], link[(hash + 1)..]);
        var target = path.Length == 0 ? page.Path : Resolve(page.Path, Uri.UnescapeDataString(path));
        if (!File.Exists(Path.Combine(_root, target)) && !Directory.Exists(Path.Combine(_root, target)))
        {
            return "leads nowhere";
        }

        return anchor.Length > 0 && _pages.TryGetValue(target, out var other) && !other.Anchors.Contains(anchor)
            ? "names a heading that the page does not have"
            : null;
    }

    private string Resolve(string page, string path) =>
        Path.GetRelativePath(_root, Path.GetFullPath(Path.Combine(_root, Path.GetDirectoryName(page)!, path))).Replace('\\', '/');

    private sealed record Page(string Path, IReadOnlyList<string> Links, IReadOnlySet<string> Anchors)
    {
        public static Page Read(string path, string text)
        {
            var document = Markdown.Parse(text, Pipeline);
            var links = document.Descendants<LinkInline>().Select(link => link.Url).OfType<string>().Where(url => url.Length > 0);
            var anchors = document.Descendants<HeadingBlock>().Select(heading => heading.TryGetAttributes()?.Id).OfType<string>();
            return new Page(path, [.. links], anchors.ToHashSet(StringComparer.Ordinal));
        }
    }
}
