using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.Http;

/// <summary>How the rows of a log are written to a file.</summary>
/// <param name="Name">The name of the file, without its ending.</param>
/// <param name="CsvHeader">The first line of CSV.</param>
/// <param name="AppendCsv">Appends one line of CSV.</param>
/// <param name="ToJson">What one line of NDJSON holds: the same as an entry of the list.</param>
internal sealed record LogFile<T>(string Name, string CsvHeader, Action<StringBuilder, T> AppendCsv, Func<T, object> ToJson);

/// <summary>Writes an export while it is read (docs/spec/connection-logs.md, section 12.7).</summary>
/// <param name="batches">The rows.</param>
/// <param name="file">How they are written.</param>
/// <param name="isCsv">CSV, or else one JSON object a line.</param>
internal sealed class LogExportResult<T>(IAsyncEnumerable<IReadOnlyList<T>> batches, LogFile<T> file, bool isCsv) : IActionResult
{
    // Long enough that a row costs no flush, and short enough that however long the rows of a batch are, few of them wait.
    private const int Chunk = 32 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var response = http.Response;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}.{(isCsv ? "csv" : "ndjson")}\"";
        if (isCsv)
        {
            await WriteLinesAsync(response.BodyWriter, http.RequestAborted);
        }
        else
        {
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
            await WriteObjectsAsync(response.BodyWriter, json, http.RequestAborted);
        }
    }

    private async Task WriteLinesAsync(PipeWriter body, CancellationToken ct)
    {
        var lines = new StringBuilder(file.CsvHeader);
        await foreach (var batch in batches.WithCancellation(ct))
        {
            foreach (var row in batch)
            {
                file.AppendCsv(lines, row);
                if (lines.Length >= Chunk)
                {
                    // What follows waits until the client has taken this.
                    Encode(lines, body);
                    await body.FlushAsync(ct);
                }
            }
        }

        Encode(lines, body);
        await body.FlushAsync(ct);
    }

    private static void Encode(StringBuilder lines, PipeWriter body)
    {
        // A character may lie across two pieces of the text.
        var encoder = Encoding.UTF8.GetEncoder();
        foreach (var piece in lines.GetChunks())
        {
            encoder.Convert(piece.Span, body, flush: false, out _, out _);
        }

        encoder.Convert([], body, flush: true, out _, out _);
        lines.Clear();
    }

    private async Task WriteObjectsAsync(PipeWriter body, JsonSerializerOptions options, CancellationToken ct)
    {
        await using var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = options.Encoder });
        var written = 0L;
        await foreach (var batch in batches.WithCancellation(ct))
        {
            foreach (var row in batch)
            {
                written += WriteObject(row, writer, body, options);
                if (written >= Chunk)
                {
                    await body.FlushAsync(ct);
                    written = 0;
                }
            }
        }

        await body.FlushAsync(ct);
    }

    private long WriteObject(T row, Utf8JsonWriter writer, PipeWriter body, JsonSerializerOptions options)
    {
        var value = file.ToJson(row);
        JsonSerializer.Serialize(writer, value, value.GetType(), options);
        writer.Flush();
        var length = writer.BytesCommitted;
        writer.Reset();
        body.Write("\n"u8);
        return length;
    }
}
