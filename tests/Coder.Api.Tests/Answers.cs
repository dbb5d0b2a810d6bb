using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Coder.Api.Tests;

/// <summary>An error as a client reads it.</summary>
internal sealed record Problem(
    HttpStatusCode Status, string Message, string? Detail, IReadOnlyList<(string Field, string Detail)> Validations);

/// <summary>Reads answers, and refuses those that do not have the shape of docs/spec/platform.md, section 4 rule 1.</summary>
internal static class Answers
{
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response, CancellationToken ct)
    {
        response.Content.Headers.ContentType.Should().Be(MediaTypeHeaderValue.Parse("application/json; charset=utf-8"));
        var body = await response.JsonAsync(ct);
        body.Select(p => p.Key).Should().BeSubsetOf(["message", "detail", "validations"]);
        var validations = body["validations"]?.AsArray().Select(v => v!.AsObject()).ToList();
        validations?.Should().NotBeEmpty().And.OnlyContain(v => v.Count == 2);
        body["detail"]?.GetValue<string>().Should().NotBeEmpty();
        return new Problem(
            response.StatusCode,
            body["message"]!.GetValue<string>(),
            body["detail"]?.GetValue<string>(),
            [.. validations?.Select(v => (v["field"]!.GetValue<string>(), v["detail"]!.GetValue<string>())) ?? []]);
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response, CancellationToken ct) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))!.AsObject();

    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "";

    public static Task<HttpResponseMessage> PostRawAsync(
        this HttpClient client, string path, string body, string? contentType, CancellationToken ct) =>
        client.PostRawAsync(path, Encoding.UTF8.GetBytes(body), contentType, ct);

    public static async Task<HttpResponseMessage> PostRawAsync(
        this HttpClient client, string path, byte[] body, string? contentType, CancellationToken ct)
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await client.PostAsync(path, content, ct);
    }
}
