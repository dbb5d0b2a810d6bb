using System.Net;
using System.Threading.Channels;
using Coder.Cli.Common;
using Coder.Cli.Provisionerd;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Cli.Tests.Provisionerd;

/// <summary>An archive may take its time, but not stand still.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Nearly = DaemonClient.Patience - TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Source _source = new();
    private readonly Server _server;
    private readonly DaemonClient _client;
    private readonly MemoryStream _target = new();

    public DownloadTests()
    {
        _server = new Server(_source);
        _client = new DaemonClient(_server, CliHarness.Url, DaemonCredential.SharedSecret("s3cret"), _time);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _source.Dispose();
        _target.Dispose();
    }

    [Fact]
    public async Task One_that_stands_still_ends()
    {
        var download = DownloadAsync();
        await _source.WantedAsync();
        await _source.GiveAsync(1);
        await _source.WantedAsync();

        _time.Advance(Nearly);
        var isEarly = download.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));
        var error = await download.WaitAsync(Ct);

        isEarly.Should().BeFalse();
        error!.Message.Should().Be($"The download from {CliHarness.Url} stood still for 60 seconds");
        error.IsTransient().Should().BeTrue("it may be tried again");
    }

    [Fact]
    public async Task One_that_goes_on_slowly_does_not()
    {
        var download = DownloadAsync();
        for (var i = 1; i <= 5; i++)
        {
            await _source.WantedAsync();
            _time.Advance(Nearly);
            await _source.GiveAsync((byte)i);
        }

        await _source.WantedAsync();
        await _source.GiveAsync(null);

        (await download.WaitAsync(Ct)).Should().BeNull();
        _target.ToArray().Should().Equal(1, 2, 3, 4, 5);
    }

    private Task<CliError?> DownloadAsync() => _client.DownloadAsync(DaemonServer.Daemon, DaemonServer.Job, _target, Ct);

    private sealed class Server(Stream content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content) });
    }

    /// <summary>Gives a byte when the test says so; <see langword="null"/> is the end.</summary>
    private sealed class Source : MemoryStream
    {
        private readonly Channel<byte?> _bytes = Channel.CreateUnbounded<byte?>();
        private readonly SemaphoreSlim _wanted = new(0);

        public Task WantedAsync() => _wanted.WaitAsync(Ct);

        public async Task GiveAsync(byte? value) => await _bytes.Writer.WriteAsync(value, Ct);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _wanted.Release();
            if (await _bytes.Reader.ReadAsync(cancellationToken) is not { } value)
            {
                return 0;
            }

            buffer.Span[0] = value;
            return 1;
        }

        protected override void Dispose(bool disposing)
        {
            _wanted.Dispose();
            base.Dispose(disposing);
        }
    }
}
