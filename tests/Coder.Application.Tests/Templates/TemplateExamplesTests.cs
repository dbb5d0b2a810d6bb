using System.Text;
using Coder.Application.Files;
using Coder.Application.Templates;
using Coder.Domain.Templates;

namespace Coder.Application.Tests.Templates;

public sealed class TemplateExamplesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public void Every_manifest_is_valid()
    {
        TemplateExamples.All.Should().HaveCountGreaterThanOrEqualTo(2);
        foreach (var example in TemplateExamples.All)
        {
            var isValid = TemplateManifestParser.TryParse(Encoding.UTF8.GetBytes(example.Manifest), out _, out var problems);

            problems.Should().BeEmpty(example.Name);
            isValid.Should().BeTrue(example.Name);
        }
    }

    [Fact]
    public async Task An_archive_holds_manifest_and_readme_and_is_always_the_same()
    {
        foreach (var example in TemplateExamples.All)
        {
            using var tar = new MemoryStream(example.Archive());
            var files = (await TemplateArchive.ReadRootAsync(tar, _ => true, TemplateManifest.MaximumBytes, Ct)).Match(f => f, _ => []);

            files.Select(file => file.Name).Should().Equal(TemplateManifest.FileName, "README.md");
            Encoding.UTF8.GetString(files[0].Content.Span).Should().Be(example.Manifest);
            example.Archive().Should().Equal(tar.ToArray());
        }
    }

    [Fact]
    public void An_example_is_found_by_its_id_only()
    {
        var example = TemplateExamples.All[0];

        TemplateExamples.Find(example.Id.ToString()).Should().BeSameAs(example);
        TemplateExamples.Find(example.Name).Should().BeNull();
        TemplateExamples.All.Select(e => e.Id).Should().OnlyHaveUniqueItems();
    }
}
