using System.Formats.Tar;
using Coder.Application.Files;
using Coder.Application.Provisioning;
using Coder.Application.Tests.Files;
using Coder.Domain.Provisioning;
using NSubstitute;

namespace Coder.Application.Tests.Provisioning;

public sealed class ProvisionerChoiceTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProvisionerType.Echo, "coder-template.json")]
    [InlineData(ProvisionerType.Echo, "coder-template.json", "main.tf")]
    [InlineData(ProvisionerType.Echo, "main.tf", "./coder-template.json")]
    [InlineData(ProvisionerType.Terraform, "README.md", "main.tf")]
    [InlineData(ProvisionerType.Terraform, "./main.tf")]
    [InlineData(ProvisionerType.Terraform, "main.tf", "sub/coder-template.json")]
    [InlineData(ProvisionerType.Echo, "modules/main.tf")]
    [InlineData(ProvisionerType.Echo, "README.md")]
    [InlineData(ProvisionerType.Terraform, "main.tf.json")]
    [InlineData(ProvisionerType.Terraform, "./main.tf.json", "README.md")]
    [InlineData(ProvisionerType.Echo, "main.tf.json", "coder-template.json")]
    [InlineData(ProvisionerType.Echo, "modules/main.tf.json")]
    [InlineData(ProvisionerType.Echo, "terraform.tfvars.json")]
    [InlineData(ProvisionerType.Echo, "main.json")]
    [InlineData(ProvisionerType.Echo)]
    public async Task The_files_in_the_root_decide(ProvisionerType expected, params string[] paths)
    {
        var chosen = await ChooseAsync(Archives.Tar(paths.Select(path => Archives.File(path, "text"))));

        chosen.Should().Be(expected);
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        var chosen = await ChooseAsync(Archives.Tar(Archives.Folder("main.tf/")));

        chosen.Should().Be(ProvisionerType.Echo);
    }

    [Fact]
    public async Task An_archive_that_is_refused_is_for_the_built_in_daemons_which_say_so()
    {
        var refused = await ChooseAsync(Archives.Tar(Archives.File("main.tf", "text"), Archives.Link(TarEntryType.SymbolicLink, "link", "/")));
        var damaged = await ChooseAsync(new MemoryStream([1, 2, 3]));

        (refused, damaged).Should().Be((ProvisionerType.Echo, ProvisionerType.Echo));
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_for_the_built_in_daemons()
    {
        var files = Substitute.For<IFileStore>();
        files.FindAsync(default, Ct).ReturnsForAnyArgs((StoredFile?)null);

        var chosen = await new ProvisionerChoice(files).OfAsync(Guid.Empty, Ct);

        chosen.Should().Be(ProvisionerType.Echo);
    }

    private static async Task<ProvisionerType> ChooseAsync(Stream archive)
    {
        var id = new Guid("11111111-1111-1111-1111-111111111111");
        var files = Substitute.For<IFileStore>();
        var file = new StoredFile(id, Guid.Empty, FileTypes.Tar, archive.Length);
        files.FindAsync(id, Arg.Any<CancellationToken>()).Returns(file);
        files.Open(file).Returns(archive);
        return await new ProvisionerChoice(files).OfAsync(id, Ct);
    }
}
