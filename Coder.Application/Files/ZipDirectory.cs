using System.Buffers.Binary;
using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Application.Files;

/// <summary>
/// Counts the entries of a zip archive without keeping any: an archive of 100 MiB has room for two million, and a reader that takes the
/// directory as a whole would hold them all.
/// </summary>
/// <remarks>
/// APPNOTE.TXT of PKWARE, sections 4.3.12 and 4.3.16. The directory is walked as readers walk it, header by header, since its declared
/// number of entries may be anything.
/// </remarks>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const uint EndSignature = 0x06054b50;
    private const int HeaderLength = 46;
    private const uint HeaderSignature = 0x02014b50;

    /// <summary>The answer to an archive that has too many entries or no directory, or <see langword="null"/>.</summary>
    public static async Task<Error?> JudgeAsync(Stream zip, CancellationToken ct)
    {
        if (await FindAsync(zip, ct) is not { } start)
        {
            return ArchiveRules.Damaged;
        }

        var header = new byte[HeaderLength];
        zip.Position = start;
        for (var count = 0; count <= ArchiveRules.MaximumEntries; count++)
        {
            if (await zip.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, ct) < HeaderLength
                || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
            {
                return null;
            }

            zip.Position += Short(header, 28) + Short(header, 30) + Short(header, 32);
        }

        return ArchiveRules.TooManyEntries;
    }

    /// <summary>Where the directory begins. Archives that need the extension for more than 4 GiB or 65,534 entries have none here.</summary>
    private static async Task<long?> FindAsync(Stream zip, CancellationToken ct)
    {
        var tail = new byte[(int)Math.Min(zip.Length, EndLength + LongestComment)];
        zip.Position = zip.Length - tail.Length;
        await zip.ReadExactlyAsync(tail, ct);
        for (var i = tail.Length - EndLength; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i)) != EndSignature)
            {
                continue;
            }

            var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i + 16));
            var isExtended = start == uint.MaxValue || Short(tail, i + 4) == ushort.MaxValue || Short(tail, i + 10) == ushort.MaxValue;
            return isExtended || start > zip.Length ? null : start;
        }

        return null;
    }

    private static int Short(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));
}
