using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Api.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Coder.Api.Tests.Http;

/// <summary>docs/spec/connection-logs.md, section 12.7: memory stays flat however long rows are.</summary>
public sealed class LogExportResultTests
{
    private const int Batches = 3;
    private const int Rows = 1_000;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // Four bytes a character in UTF-8, two in a string.
    private static readonly string Row = "x" + string.Concat(Enumerable.Repeat("😀", 1_000));
    private static readonly LogFile<string> File = new("log", "header\r\n", (lines, row) => lines.Append(row).Append("\r\n"), row => row);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_are_written_in_pieces_and_not_in_batches_nor_one_by_one(bool isCsv)
    {
        using var written = new Pieces();

        await WriteAsync(written, isCsv);

        var text = Encoding.UTF8.GetString(written.ToArray());
        if (isCsv)
        {
            text.Should().Be("header\r\n" + string.Concat(Enumerable.Repeat(Row + "\r\n", Batches * Rows)));
        }
        else
        {
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(Batches * Rows)
                .And.OnlyContain(line => JsonNode.Parse(line)!.GetValue<string>() == Row);
        }

        written.Longest.Should().BeInRange(16 * 1024, 192 * 1024);
        (written.ToArray().Length / written.Count).Should().BeGreaterThan(16 * 1024, "a flush for each row would be slow");
    }

    private static async Task WriteAsync(Stream body, bool isCsv)
    {
        await using var services = new ServiceCollection().AddSingleton(Options.Create(new JsonOptions())).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        var result = new LogExportResult<string>(ReadAsync(Ct), File, isCsv);

        await result.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var i = 0; i < Batches; i++)
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return [.. Enumerable.Repeat(Row, Rows)];
        }
    }

    /// <summary>Knows how much arrived between two flushes.</summary>
    private sealed class Pieces : MemoryStream
    {
        private long _flushed;

        public long Longest { get; private set; }

        public int Count { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            if (Length > _flushed)
            {
                (Longest, Count, _flushed) = (Math.Max(Longest, Length - _flushed), Count + 1, Length);
            }

            return Task.CompletedTask;
        }
    }
}
