using System.Buffers;
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
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var response = http.Response;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}.{(isCsv ? "csv" : "ndjson")}\"";
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        if (isCsv)
        {
            await response.WriteAsync(file.CsvHeader, http.RequestAborted);
        }

        await foreach (var batch in batches.WithCancellation(http.RequestAborted))
        {
            if (isCsv)
            {
                await response.WriteAsync(Lines(batch), http.RequestAborted);
            }
            else
            {
                WriteObjects(response, batch, json);
            }

            // The next batch waits until the client has taken this one.
            await response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private string Lines(IReadOnlyList<T> batch)
    {
        var lines = new StringBuilder();
        foreach (var row in batch)
        {
            file.AppendCsv(lines, row);
        }

        return lines.ToString();
    }

    private void WriteObjects(HttpResponse response, IReadOnlyList<T> batch, JsonSerializerOptions options)
    {
        using var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = options.Encoder });
        foreach (var row in batch)
        {
            var value = file.ToJson(row);
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            writer.Flush();
            response.BodyWriter.Write(NewLine);
            writer.Reset(response.BodyWriter);
        }
    }
}
