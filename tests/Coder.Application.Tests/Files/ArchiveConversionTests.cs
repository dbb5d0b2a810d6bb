using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using Coder.Application.Files;
using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Application.Tests.Files;

public sealed class ArchiveConversionTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zip_archive_becomes_a_tar_archive_with_the_same_files()
    {
        using var zip = Archives.Zip(("main.tf", "resource"), ("modules/", ""), ("modules/a.tf", "ä"), ("./b", ""));
        using var tar = new MemoryStream();

        (await ArchiveConversion.ZipToTarAsync(zip, tar, Ct)).Error.Should().BeNull();

        (await Archives.EntriesAsync(tar, Ct)).Should().Equal(("main.tf", "resource"), ("modules/", ""), ("modules/a.tf", "ä"), ("b", ""));
    }

    [Fact]
    public async Task The_same_archive_always_becomes_the_same_archive()
    {
        using var zip = Archives.Zip(("main.tf", "resource"), (new string('n', 300) + ".tf", "long"));
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        await ArchiveConversion.ZipToTarAsync(zip, first, Ct);
        await ArchiveConversion.ZipToTarAsync(zip, second, Ct);

        second.ToArray().Should().Equal(first.ToArray());
    }

    [Fact]
    public async Task There_and_back_again_nothing_is_lost()
    {
        using var tar = Archives.Tar(Archives.Folder("modules/"), Archives.File("modules/a.tf", "a"), Archives.File("main.tf", new string('x', 9000)));
        using var zip = new MemoryStream();
        using var back = new MemoryStream();

        (await ArchiveConversion.TarToZipAsync(tar, zip, Ct)).Error.Should().BeNull();
        (await ArchiveConversion.ZipToTarAsync(zip, back, Ct)).Error.Should().BeNull();

        (await Archives.EntriesAsync(back, Ct)).Should().Equal(await Archives.EntriesAsync(tar, Ct));
    }

    [Theory]
    [InlineData(1969)]
    [InlineData(2200)]
    public async Task Times_that_a_zip_archive_has_no_room_for_come_as_near_as_they_can(int year)
    {
        var entry = Archives.File("main.tf", "x");
        entry.ModificationTime = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var tar = Archives.Tar(entry);
        using var zip = new MemoryStream();

        (await ArchiveConversion.TarToZipAsync(tar, zip, Ct)).Error.Should().BeNull();
    }

    [Theory]
    [InlineData("/main.tf", "\"/main.tf\" is an absolute path.")]
    [InlineData("../main.tf", "\"../main.tf\" leads out of the archive.")]
    [InlineData("..\\main.tf", "\"../main.tf\" leads out of the archive.")]
    public async Task Paths_that_lead_elsewhere_are_refused(string path, string detail)
    {
        using var zip = Archives.Zip((path, "x"));

        (await ErrorAsync(zip)).Detail.Should().Be(detail);
    }

    [Fact]
    public async Task Links_are_refused()
    {
        using var zip = Archives.Zip(archive => archive.CreateEntry("passwd").ExternalAttributes = unchecked((int)0xA1FF0000));

        (await ErrorAsync(zip)).Detail.Should().Be("\"passwd\" is a link.");
    }

    [Fact]
    public async Task A_bomb_is_refused_by_the_size_that_it_declares()
    {
        using var zip = Archives.Zip(archive => WriteZeros(archive.CreateEntry("zeros"), ArchiveRules.MaximumBytes + 1));

        zip.Length.Should().BeLessThan(1024 * 1024);
        (await ErrorAsync(zip)).Should().Be(ArchiveRules.TooLarge);
    }

    [Fact]
    public async Task A_bomb_that_declares_less_than_it_holds_is_refused_before_it_is_unpacked()
    {
        using var zip = Archives.Zip(archive => WriteZeros(archive.CreateEntry("zeros"), 10_000_000));
        Declare(zip.GetBuffer().AsSpan(0, (int)zip.Length), length: 1000);
        using var tar = new MemoryStream();

        (await ArchiveConversion.ZipToTarAsync(zip, tar, Ct)).Error.Should().Be(ArchiveRules.Damaged);

        tar.Length.Should().BeLessThan(1_000_000);
    }

    [Fact]
    public async Task A_file_that_does_not_have_its_checksum_is_damaged()
    {
        using var zip = Archives.Zip(archive =>
        {
            using var stream = archive.CreateEntry("main.tf", CompressionLevel.NoCompression).Open();
            stream.Write("resource"u8);
        });
        zip.GetBuffer()[zip.GetBuffer().AsSpan().IndexOf("resource"u8)] = (byte)'R';

        (await ErrorAsync(zip)).Should().Be(ArchiveRules.Damaged);
    }

    [Theory]
    [InlineData(ArchiveRules.MaximumEntries, false)]
    [InlineData(ArchiveRules.MaximumEntries + 1, true)]
    public async Task There_are_at_most_10000_entries(int count, bool isRefused)
    {
        using var zip = Archives.Zip([.. Enumerable.Range(0, count).Select(i => ($"f{i}/", ""))]);
        using var tar = new MemoryStream();

        var converted = await ArchiveConversion.ZipToTarAsync(zip, tar, Ct);

        (converted.Error == ArchiveRules.TooManyEntries).Should().Be(isRefused);
    }

    [Fact]
    public async Task Entries_are_counted_and_not_believed()
    {
        using var zip = Archives.Zip([.. Enumerable.Range(0, ArchiveRules.MaximumEntries + 1).Select(i => ($"f{i}/", ""))]);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.GetBuffer().AsSpan((int)zip.Length - 14), 0x00010001);

        (await ErrorAsync(zip)).Should().Be(ArchiveRules.TooManyEntries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("this is a text and no archive at all, and it is long enough for the end of one")]
    public async Task What_is_no_archive_is_damaged(string text)
    {
        using var zip = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text));

        (await ErrorAsync(zip)).Should().Be(ArchiveRules.Damaged);
    }

    [Fact]
    public async Task An_empty_zip_archive_becomes_an_empty_tar_archive()
    {
        using var zip = Archives.Zip();
        using var tar = new MemoryStream();

        (await ArchiveConversion.ZipToTarAsync(zip, tar, Ct)).Error.Should().BeNull();

        (await Archives.EntriesAsync(tar, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_tar_archive_that_is_refused_is_not_converted()
    {
        using var tar = Archives.Tar(Archives.Link(TarEntryType.SymbolicLink, "a", "b"));
        using var zip = new MemoryStream();

        (await ArchiveConversion.TarToZipAsync(tar, zip, Ct)).Error!.Detail.Should().Be("\"a\" is a link.");
    }

    [Fact]
    public async Task Whatever_stands_in_an_archive_the_answer_is_an_archive_or_an_error_and_never_an_exception()
    {
        using var good = Archives.Zip(("main.tf", "resource"), ("modules/", ""), ("modules/a.tf", new string('x', 300)));

        foreach (var changed in Archives.Damaged(good.ToArray(), count: 3000))
        {
            using var zip = new MemoryStream(changed);
            using var tar = new MemoryStream();

            var converting = () => ArchiveConversion.ZipToTarAsync(zip, tar, Ct);

            await converting.Should().NotThrowAsync();
        }
    }

    private static async Task<Error> ErrorAsync(Stream zip)
    {
        using var tar = new MemoryStream();
        return (await ArchiveConversion.ZipToTarAsync(zip, tar, Ct)).Error ?? throw new InvalidOperationException("It was converted.");
    }

    private static void WriteZeros(ZipArchiveEntry entry, long length)
    {
        using var stream = entry.Open();
        var zeros = new byte[64 * 1024];
        for (var left = length; left > 0; left -= zeros.Length)
        {
            stream.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
        }
    }

    // The length stands in the directory, at 24 bytes from the beginning of a header.
    private static void Declare(Span<byte> zip, uint length)
    {
        var header = zip.IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip[(header + 24)..], length);
    }
}
