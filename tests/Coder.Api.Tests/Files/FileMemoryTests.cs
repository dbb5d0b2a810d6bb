using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Files;

/// <summary>Tests that count for the whole process, so that nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class FileMemoryTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Clients = 4;
    private const long Length = 25L * 1024 * 1024;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    /// <summary>Four large uploads at once allocate together less than one of them is long, and a download is there piece by piece.</summary>
    [Fact]
    public async Task Large_files_pass_through_in_pieces()
    {
        using var user = await Server.AddUserAsync(Ct);
        await user.Client.UploadedAsync([1], FilesApi.Tar, Ct);
        var before = GC.GetTotalAllocatedBytes();

        var uploads = await Task.WhenAll(Enumerable.Range(1, Clients).Select(n => UploadAsync(user.Client, (byte)n)));
        var uploaded = GC.GetTotalAllocatedBytes() - before;
        var id = (await uploads[0].JsonAsync(Ct))["hash"]!.GetValue<Guid>();
        var length = await DownloadAsync(user.Client, id);
        var downloaded = GC.GetTotalAllocatedBytes() - before - uploaded;

        uploads.Should().OnlyContain(u => u.StatusCode == HttpStatusCode.Created);
        uploaded.Should().BeLessThan(Length);
        length.Should().Be(Length);
        downloaded.Should().BeLessThan(2 * Length, "each piece is there once, and is gone before the next");
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, byte value)
    {
        using var content = new ZerosContent(Length, value);
        content.Headers.TryAddWithoutValidation("Content-Type", FilesApi.Tar);
        return await client.PostAsync(FilesApi.Files, content, Ct);
    }

    private static async Task<long> DownloadAsync(HttpClient client, Guid id)
    {
        using var response = await client.GetAsync($"{FilesApi.Files}/{id}", HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var stream = await response.Content.ReadAsStreamAsync(Ct);
        var piece = new byte[64 * 1024];
        var length = 0L;
        for (int read; (read = await stream.ReadAsync(piece, Ct)) > 0; length += read)
        {
        }

        return length;
    }
}
