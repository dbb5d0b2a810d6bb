using Coder.Infrastructure.Files;

namespace Coder.Infrastructure.Tests.Files;

public sealed class FileBuffersTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_buffer_is_written_and_read_and_leaves_nothing_behind()
    {
        using var buffers = new FileBuffers();
        string[] before = Leftovers();
        await using (var buffer = buffers.New())
        {
            await buffer.WriteAsync(new byte[] { 1, 2, 3 }, Ct);
            buffer.Position = 1;
            buffer.ReadByte().Should().Be(2);
        }

        Leftovers().Except(before, StringComparer.Ordinal).Should().BeEmpty();
    }

    [Fact]
    public async Task One_large_file_has_the_turn_until_it_ends_and_small_ones_do_not_wait_for_it()
    {
        const long Large = 1024 * 1024;
        using var buffers = new FileBuffers();
        var first = await buffers.TakeTurnAsync(Large, Ct);

        var second = buffers.TakeTurnAsync(Large, Ct);
        var waits = !second.IsCompleted;
        (await buffers.TakeTurnAsync(Large - 1, Ct)).Dispose();
        var stillWaits = !second.IsCompleted;
        first.Dispose();

        waits.Should().BeTrue();
        stillWaits.Should().BeTrue();
        (await second).Dispose();
    }

    private static string[] Leftovers() => Directory.GetFiles(Path.GetTempPath(), "coder-upload-*");
}
