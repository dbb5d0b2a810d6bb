using System.Formats.Tar;
using System.Text;
using Coder.Application.Files;
using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Application.Tests.Files;

public sealed class TemplateArchiveTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_in_the_root_are_found_by_their_name_whether_or_not_it_begins_with_a_dot_and_a_slash()
    {
        using var tar = Archives.Tar(
            Archives.Folder("./"),
            Archives.File("./main.tf", "resource"),
            Archives.File("README.md", "# Hello"),
            Archives.Folder("modules/"),
            Archives.File("modules/other.tf", "no"));

        var found = await ReadAsync(tar, name => name is "README.md" || name.EndsWith(".tf", StringComparison.Ordinal));

        found.Select(f => (f.Name, Encoding.UTF8.GetString(f.Content.Span))).Should().Equal(("main.tf", "resource"), ("README.md", "# Hello"));
    }

    [Fact]
    public async Task Of_two_files_with_one_name_the_later_one_counts()
    {
        using var tar = Archives.Tar(Archives.File("coder-template.json", "{}"), Archives.File("./coder-template.json", "[]"));

        var found = await ReadAsync(tar, _ => true);

        found.Should().ContainSingle().Which.Content.ToArray().Should().Equal("[]"u8.ToArray());
    }

    [Fact]
    public async Task An_empty_file_and_an_empty_archive_are_fine()
    {
        using var tar = Archives.Tar(Archives.File("main.tf", ""));

        (await ReadAsync(tar, _ => true)).Should().ContainSingle().Which.Content.Length.Should().Be(0);
        (await ReadAsync(Stream.Null, _ => true)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_stream_that_only_runs_forwards_is_enough()
    {
        using var tar = Archives.Tar(Archives.File("a.bin", new string('x', 5000)), Archives.File("main.tf", "here"));
        await using var forward = new ForwardStream(tar);

        var found = await TemplateArchive.ReadRootAsync(forward, name => name == "main.tf", 100, Ct);

        found.Match(files => files.Single().Name, error => error.Detail).Should().Be("main.tf");
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Links_are_refused(TarEntryType type)
    {
        using var tar = Archives.Tar(Archives.File("main.tf", ""), Archives.Link(type, "passwd", "/etc/passwd"));

        (await ErrorAsync(tar)).Detail.Should().Be("\"passwd\" is a link.");
    }

    [Fact]
    public async Task Devices_are_refused()
    {
        using var tar = Archives.Tar(new PaxTarEntry(TarEntryType.Fifo, "pipe"));

        (await ErrorAsync(tar)).Detail.Should().Be("\"pipe\" is neither a file nor a folder.");
    }

    [Theory]
    [InlineData("/main.tf", "\"/main.tf\" is an absolute path.")]
    [InlineData("a/../../main.tf", "\"a/../../main.tf\" leads out of the archive.")]
    public async Task Paths_that_lead_elsewhere_are_refused_even_where_nobody_reads_them(string path, string detail)
    {
        using var tar = Archives.Tar(Archives.File(path, ""));

        (await ErrorAsync(tar, _ => false)).Detail.Should().Be(detail);
    }

    [Theory]
    [InlineData(ArchiveRules.MaximumEntries, false)]
    [InlineData(ArchiveRules.MaximumEntries + 1, true)]
    public async Task There_are_at_most_10000_entries(int count, bool isRefused)
    {
        using var tar = Archives.Tar(Enumerable.Range(0, count).Select(i => Archives.Folder($"f{i}/")));

        var read = await TemplateArchive.ReadRootAsync(tar, _ => true, 1, Ct);

        (read.Error == ArchiveRules.TooManyEntries).Should().Be(isRefused);
    }

    [Fact]
    public async Task A_wanted_file_has_a_limit_of_its_own()
    {
        using var tar = Archives.Tar(Archives.File("main.tf", "12345"), Archives.File("other", new string('x', 100)));

        (await TemplateArchive.ReadRootAsync(tar, name => name == "main.tf", 5, Ct)).Error.Should().BeNull();
        tar.Position = 0;
        (await TemplateArchive.ReadRootAsync(tar, name => name == "main.tf", 4, Ct)).Error!.Detail.Should().Be("\"main.tf\" is larger than 4 bytes.");
    }

    [Fact]
    public async Task What_is_no_archive_is_damaged()
    {
        using var text = new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 2000)));

        (await ErrorAsync(text)).Should().Be(ArchiveRules.Damaged);
    }

    [Fact]
    public async Task An_archive_that_breaks_off_is_damaged()
    {
        using var whole = Archives.Tar(Archives.File("main.tf", new string('x', 5000)));
        using var tar = new MemoryStream(whole.ToArray()[..3000]);

        (await ErrorAsync(tar, _ => true)).Should().Be(ArchiveRules.Damaged);
    }

    [Fact]
    public async Task Whatever_stands_in_an_archive_the_answer_is_files_or_an_error_and_never_an_exception()
    {
        using var good = Archives.Tar(Archives.Folder("a/"), Archives.File("main.tf", "resource"), Archives.File("b", new string('x', 700)));

        foreach (var changed in Archives.Damaged(good.ToArray(), count: 2000))
        {
            using var tar = new MemoryStream(changed);

            var reading = () => TemplateArchive.ReadRootAsync(tar, _ => true, 1000, Ct);

            await reading.Should().NotThrowAsync();
        }
    }

    private static async Task<IReadOnlyList<ArchiveFile>> ReadAsync(Stream tar, Func<string, bool> wanted) =>
        (await TemplateArchive.ReadRootAsync(tar, wanted, 1000, Ct)).Match(f => f, e => throw new InvalidOperationException(e.Detail));

    private static async Task<Error> ErrorAsync(Stream tar, Func<string, bool>? wanted = null) =>
        (await TemplateArchive.ReadRootAsync(tar, wanted ?? (_ => true), 10_000, Ct)).Error ?? throw new InvalidOperationException("It was read.");

    private sealed class ForwardStream(Stream inner) : Stream
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

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Math.Min(buffer.Length, 100)], cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
