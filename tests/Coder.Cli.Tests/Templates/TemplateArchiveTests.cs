using System.Formats.Tar;
using System.Text;
using Coder.Cli.Common;
using Coder.Cli.Templates;

namespace Coder.Cli.Tests.Templates;

public sealed class TemplateArchiveTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-archive-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_holds_all_but_what_belongs_to_tools()
    {
        Write("main.tf", "resource");
        Write("scripts/run.sh", "echo");
        Write(".terraform.lock.hcl", "lock");
        Write(".git/config", "x");
        Write(".terraform/providers/p", "x");
        Write("terraform.tfstate", "secret");
        Write("terraform.tfstate.backup", "secret");
        Write("scripts/terraform.tfstate", "secret");
        Directory.CreateDirectory(PathOf("empty"));

        using var archive = Pack();

        archive.Provisioner.Should().Be("terraform");
        Entries(archive.Content).Should().BeEquivalentTo(
            ".terraform.lock.hcl: lock", "empty/", "main.tf: resource", "scripts/", "scripts/run.sh: echo");
    }

    [Fact]
    public void A_manifest_decides_over_Terraform()
    {
        Write("main.tf", "");
        Write("coder-template.json", "{}");

        using var archive = Pack();

        archive.Provisioner.Should().Be("echo");
    }

    [Fact]
    public void The_same_files_are_the_same_bytes_whenever_they_were_written()
    {
        var deep = $"{new string('d', 60)}/{new string('ü', 60)}.txt";
        Write("coder-template.json", "{}");
        Write(deep, "x");
        using var first = Pack();
        Directory.Delete(PathOf(new string('d', 60)), recursive: true);
        Write(deep, "x");
        File.SetLastWriteTimeUtc(PathOf("coder-template.json"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(PathOf(deep), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        using var second = Pack();

        Bytes(second).Should().Equal(Bytes(first));
        Entries(second.Content).Should().Contain($"{deep}: x");
    }

    [Fact]
    public void What_can_be_run_stays_so()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        Write("main.tf", "");
        Write("run.sh", "");
        File.SetUnixFileMode(PathOf("run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var archive = Pack();

        using var reader = new TarReader(archive.Content);
        reader.GetNextEntry()!.Mode.Should().NotHaveFlag(UnixFileMode.UserExecute);
        reader.GetNextEntry()!.Mode.Should().HaveFlag(UnixFileMode.UserExecute).And.HaveFlag(UnixFileMode.OtherRead);
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("main.tf")]
    public void Links_are_refused_by_name(string target)
    {
        Write("main.tf", "");
        Directory.CreateDirectory(PathOf("sub"));
        File.CreateSymbolicLink(PathOf("sub/link"), target);

        Refusal().Message.Should().Be("sub/link is a link, and templates hold files and folders only");
    }

    [Fact]
    public void More_than_a_hundred_mebibytes_are_refused_before_they_are_copied()
    {
        Write("main.tf", "");
        using (var large = File.Create(PathOf("large.iso")))
        {
            large.SetLength(TemplateArchive.MaximumBytes + 1);
        }

        var error = Refusal();

        error.Message.Should().Be("The template is larger than 100 MiB, the most that servers take");
        error.Detail.Should().Be("large.iso does not fit any more.");
    }

    [Fact]
    public void A_folder_without_a_template_says_what_one_has()
    {
        Write("sub/main.tf", "");

        var error = Refusal();

        error.Message.Should().Be($"There is no template in {_folder.FullName}");
        error.Hint.Should().Be("A template has a coder-template.json, or files whose names end with .tf or .tf.json, in its folder.");
    }

    [Fact]
    public void What_is_no_folder_is_named() =>
        TemplateArchive.OfFolder(PathOf("none"), Ct).Error!.Message.Should().Be($"{PathOf("none")} is no folder");

    [Theory]
    [InlineData("coder-template.json", "echo")]
    [InlineData("./main.tf", "terraform")]
    [InlineData("main.tf.json", "terraform")]
    public async Task An_archive_of_somebody_else_is_taken_as_it_is(string name, string provisioner)
    {
        var bytes = Tar(name);

        (await TemplateArchive.OfInputAsync(new MemoryStream(bytes), Ct)).Is(out var archive, out _).Should().BeTrue();

        using (archive)
        {
            archive!.Provisioner.Should().Be(provisioner);
            Bytes(archive).Should().Equal(bytes);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_that_is_no_archive_of_a_template_is_refused(bool isArchive)
    {
        var bytes = isArchive ? Tar("sub/main.tf") : Encoding.UTF8.GetBytes(new string('x', 2000));

        var error = (await TemplateArchive.OfInputAsync(new MemoryStream(bytes), Ct)).Error;

        error!.Message.Should().Be("Standard input is no tar archive of a template");
    }

    [Fact]
    public async Task Endless_input_is_refused()
    {
        var error = (await TemplateArchive.OfInputAsync(new Endless(), Ct)).Error;

        error!.Message.Should().StartWith("The template is larger than 100 MiB");
    }

    private TemplateArchive Pack()
    {
        TemplateArchive.OfFolder(_folder.FullName, Ct).Is(out var archive, out var error).Should().BeTrue(error?.Message);
        return archive!;
    }

    private CliError Refusal() => TemplateArchive.OfFolder(_folder.FullName, Ct).Error!;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    private static byte[] Bytes(TemplateArchive archive)
    {
        using var copy = new MemoryStream();
        archive.Content.Position = 0;
        archive.Content.CopyTo(copy);
        archive.Content.Position = 0;
        return copy.ToArray();
    }

    private static byte[] Tar(string name)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("{}"u8.ToArray()) });
        }

        return stream.ToArray();
    }

    private static List<string> Entries(Stream tar)
    {
        var entries = new List<string>();
        using var reader = new TarReader(tar, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            using var text = entry.DataStream is null ? null : new StreamReader(entry.DataStream);
            entries.Add(entry.EntryType == TarEntryType.Directory ? entry.Name : $"{entry.Name}: {text?.ReadToEnd()}");
        }

        return entries;
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
