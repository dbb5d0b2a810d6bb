using System.Text;
using Coder.Application.Files;
using Coder.Application.Provisioning;
using Coder.Application.Tests.Files;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using NSubstitute;

namespace Coder.Application.Tests.Provisioning;

public sealed class TemplateSourcesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_manifest_and_the_readme_come_from_the_root()
    {
        var read = await ReadAsync(Archives.Tar(
            Archives.File("./coder-template.json", "{}"), Archives.File("README.md", "\uFEFF# Hello\0"), Archives.File("sub/README.md", "no")));

        read.Is(out var source, out _).Should().BeTrue();
        Encoding.UTF8.GetString(source!.Manifest!.Value.Span).Should().Be("{}");
        source.Readme.Should().Be("# Hello\uFFFD");
    }

    [Fact]
    public async Task What_is_not_there_is_absent()
    {
        var read = await ReadAsync(Archives.Tar(Archives.File("main.tf", "text")));

        read.Is(out var source, out _).Should().BeTrue();
        source.Should().Be(new TemplateSource(null, null));
    }

    [Fact]
    public async Task A_manifest_that_is_too_large_is_refused_by_the_rules_of_manifests()
    {
        var read = await ReadAsync(Archives.Tar(Archives.File("coder-template.json", new string(' ', TemplateManifest.MaximumBytes + 1))));

        read.Is(out var source, out _).Should().BeTrue();
        EchoProvisioner.Import(source!, new Dictionary<string, string>(StringComparer.Ordinal), default).Error
            .Should().Be("Template manifest is invalid: $: must have at most 1 MiB");
    }

    [Fact]
    public async Task An_archive_that_breaks_the_rules_is_refused_in_one_text()
    {
        var read = await ReadAsync(Archives.Tar(Archives.File("coder-template.json", "{}"), Archives.File("../evil", "text")));

        read.Error.Should().Be(new Error(ErrorKind.Invalid, "The archive can not be accepted. \"../evil\" leads out of the archive."));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told()
    {
        var files = Substitute.For<IFileStore>();
        files.FindAsync(default, Ct).ReturnsForAnyArgs((StoredFile?)null);

        var read = await new TemplateSources(files).ReadAsync(Guid.Empty, Ct);

        read.Error!.Message.Should().Be("The archive of the template version is gone.");
    }

    private static async Task<Result<TemplateSource>> ReadAsync(Stream archive)
    {
        var id = new Guid("11111111-1111-1111-1111-111111111111");
        var files = Substitute.For<IFileStore>();
        var file = new StoredFile(id, Guid.Empty, FileTypes.Tar, archive.Length);
        files.FindAsync(id, Arg.Any<CancellationToken>()).Returns(file);
        files.Open(file).Returns(archive);
        return await new TemplateSources(files).ReadAsync(id, Ct);
    }
}
