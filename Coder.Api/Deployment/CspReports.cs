using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coder.Api.Deployment;

/// <summary>What a browser refused to do for one of our pages.</summary>
/// <param name="CspReport">The report, as of https://www.w3.org/TR/CSP2/#violation-reports; all of it comes from the browser.</param>
public sealed record CspViolationRequestJson(
    [property: JsonPropertyName("csp-report")] IReadOnlyDictionary<string, JsonElement>? CspReport);

/// <summary>Makes log lines of reports. Anybody can send one, so nothing in it is trusted.</summary>
internal sealed partial class CspReports(ILogger<CspReports> logger)
{
    private const int MostCharacters = 200;

    public void Log(CspViolationRequestJson body)
    {
        if (body.CspReport is not { Count: > 0 } report)
        {
            return;
        }

        Violation(
            logger, Read(report, "document-uri"), Read(report, "violated-directive"), Read(report, "blocked-uri"), Read(report, "source-file"));
    }

    // Queries and fragments can hold tokens; control characters could pretend to be other lines.
    private static string Read(IReadOnlyDictionary<string, JsonElement> report, string name)
    {
        if (!report.TryGetValue(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        var text = value.GetString().AsSpan();
        var end = text.IndexOfAny('?', '#');
        text = end < 0 ? text : text[..end];
        return string.Concat(text[..Math.Min(text.Length, MostCharacters)].ToString().Select(c => char.IsControl(c) ? ' ' : c));
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A browser reports that a page broke the content security policy: {Page}, directive {Directive}, blocked {Blocked}, source {Source}")]
    private static partial void Violation(ILogger logger, string page, string directive, string blocked, string source);
}
