using System.Buffers;
using System.Text;
using System.Text.Json;
using Coder.Application.ConnectionLogs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.ConnectionLogs;

/// <summary>Writes an export while it is read.</summary>
/// <param name="export">The rows.</param>
/// <param name="isCsv">CSV, or else one JSON object a line.</param>
internal sealed class ConnectionLogExportResult(ConnectionLogExport export, bool isCsv) : IActionResult
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var response = http.Response;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"connection-log.{(isCsv ? "csv" : "ndjson")}\"";
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        if (isCsv)
        {
            await response.WriteAsync(ConnectionLogCsv.Header, http.RequestAborted);
        }

        await foreach (var batch in export.Batches.WithCancellation(http.RequestAborted))
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

    private static string Lines(IReadOnlyList<ConnectionLogView> batch)
    {
        var lines = new StringBuilder();
        foreach (var view in batch)
        {
            ConnectionLogCsv.Append(lines, view);
        }

        return lines.ToString();
    }

    private static void WriteObjects(HttpResponse response, IReadOnlyList<ConnectionLogView> batch, JsonSerializerOptions options)
    {
        using var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = options.Encoder });
        foreach (var view in batch)
        {
            JsonSerializer.Serialize(writer, ConnectionLogJson.From(view), options);
            writer.Flush();
            response.BodyWriter.Write(NewLine);
            writer.Reset(response.BodyWriter);
        }
    }
}
