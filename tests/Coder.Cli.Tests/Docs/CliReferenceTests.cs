using Coder.Cli.Common;
using Coder.Testing;

namespace Coder.Cli.Tests.Docs;

public sealed class CliReferenceTests
{
    private const string Folder = "docs/reference/cli";

    [Fact]
    public void Each_command_has_the_page_that_its_help_makes()
    {
        var pages = Generate();

        foreach (var (name, text) in pages)
        {
            RepositoryTree.Stored($"{Folder}/{name}", text)
                .Should().Be(text, "{0} is generated; run the tests with UPDATE_GOLDEN=1 and review the change", name);
        }

        Directory.GetFiles(Path.Combine(RepositoryTree.Root, Folder)).Select(Path.GetFileName)
            .Should().BeEquivalentTo(pages.Keys, "no page is left of a command that is gone");
    }

    private static IReadOnlyDictionary<string, string> Generate()
    {
        var environment = new CliEnvironment
        {
            Variables = new Dictionary<string, string>(StringComparer.Ordinal),
            UserConfigDirectory = "",
            WorkingDirectory = "",
            NewId = () => CliHarness.NewId,
        };
        using var server = new FakeServer();
        return CliReference.Pages(CliProgram.CreateRoot(
            new CliContext(new ConsoleTerminal(), server, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(), environment)));
    }
}
