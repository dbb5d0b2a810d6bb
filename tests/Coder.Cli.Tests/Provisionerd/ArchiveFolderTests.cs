using System.Formats.Tar;
using System.Text;
using Coder.Cli.Common;
using Coder.Cli.Provisionerd;

namespace Coder.Cli.Tests.Provisionerd;

public sealed class ArchiveFolderTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coder-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_and_folders_come_out_for_their_owner_only()
    {
        using var tar = Tar(
            new PaxTarEntry(TarEntryType.Directory, "./scripts/"),
            File("scripts/run.sh", "echo", UnixFileMode.UserExecute | UnixFileMode.OtherWrite),
            File("./main.tf", "x = 1"));

        var error = await UnpackAsync(tar);

        error.Should().BeNull();
        System.IO.File.ReadAllText(PathOf("main.tf")).Should().Be("x = 1");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(PathOf("scripts/run.sh"))
                .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData("../x", "leads out of the archive")]
    [InlineData("a/../../x", "leads out of the archive")]
    [InlineData("a\\..\\x", "leads out of the archive")]
    [InlineData("/etc/x", "leads out of the archive")]
    [InlineData("C:\\x", "leads out of the archive")]
    public async Task Nothing_is_written_outside(string path, string why)
    {
        using var tar = Tar(File(path, "x"));

        var error = await UnpackAsync(tar);

        error!.Message.Should().Contain(why);
        Directory.EnumerateFileSystemEntries(_folder.FullName).Should().BeEmpty();
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Links_are_refused(TarEntryType type)
    {
        using var tar = Tar(new PaxTarEntry(type, "link") { LinkName = "/etc/passwd" });

        (await UnpackAsync(tar))!.Message.Should().Be("The archive of the template can not be unpacked: \"link\" is a link.");
    }

    [Fact]
    public async Task Devices_are_refused()
    {
        using var tar = Tar(new PaxTarEntry(TarEntryType.Fifo, "pipe"));

        (await UnpackAsync(tar))!.Message.Should().Contain("is neither a file nor a folder");
    }

    [Fact]
    public async Task Too_many_entries_are_refused()
    {
        using var tar = Tar([.. Enumerable.Range(0, ArchiveFolder.MaximumEntries + 1).Select(i => File($"f{i}", ""))]);

        (await UnpackAsync(tar))!.Message.Should().Contain("too large");
    }

    [Fact]
    public async Task A_size_that_is_only_claimed_is_refused_before_anything_is_written()
    {
        using var tar = Tar(File("huge", "x"));
        var header = tar.ToArray();
        var size = Encoding.ASCII.GetBytes("77777777777\0");

        // The header of the file itself is the last one: pax headers may come first.
        var at = Encoding.Latin1.GetString(header).LastIndexOf("huge", StringComparison.Ordinal);
        size.CopyTo(header, at + 124);
        var sum = header.AsSpan(at, 512).ToArray().Select((b, i) => i is >= 148 and < 156 ? 32 : (int)b).Sum();
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header, at + 148);
        using var forged = new MemoryStream(header);

        (await UnpackAsync(forged)).Should().NotBeNull();
        Directory.EnumerateFileSystemEntries(_folder.FullName).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_no_archive_is_a_sentence()
    {
        using var junk = new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 2000)));

        (await UnpackAsync(junk))!.Message.Should().StartWith("The archive of the template can not be unpacked: ");
    }

    [Fact]
    public async Task What_is_left_out_does_not_come_out()
    {
        using var tar = Tar(File("./terraform.tfstate", "{}"), File("main.tf", ""));

        await ArchiveFolder.UnpackAsync(tar, _folder.FullName, path => path == "terraform.tfstate", Ct);

        Directory.EnumerateFiles(_folder.FullName).Select(Path.GetFileName).Should().Equal("main.tf");
    }

    private Task<CliError?> UnpackAsync(Stream tar) => ArchiveFolder.UnpackAsync(tar, _folder.FullName, _ => false, Ct);

    private string PathOf(string path) => Path.Combine(_folder.FullName, path);

    private static PaxTarEntry File(string name, string content, UnixFileMode mode = UnixFileMode.UserRead) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode };

    private static MemoryStream Tar(params TarEntry[] entries)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
