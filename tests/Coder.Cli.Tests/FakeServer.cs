using System.Net;
using System.Text;

namespace Coder.Cli.Tests;

/// <summary>One request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Url, string? Token, string Body)
{
    public string Line => $"{Method} {new Uri(Url).AbsolutePath}";
}

/// <summary>Answers by method and path below <c>/api/v2</c>, and remembers what it was asked.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private readonly Dictionary<string, Func<HttpResponseMessage>> _answers = new(StringComparer.Ordinal);

    public List<SeenRequest> Requests { get; } = [];

    public IEnumerable<string> Lines => Requests.Select(request => request.Line);

    public FakeServer()
    {
        Answer("GET /buildinfo", 200, """{"version":"v2.24.0","external_url":"https://x"}""");
        Answer("GET /users/first", 200, """{"message":"The initial user has already been created!"}""");
        Answer("POST /users/login", 201, """{"session_token":"abcdefghij-0123456789012345678901"}""");
        Answer("POST /users/logout", 200, """{"message":"Logged out!"}""");
        Answer("GET /users/me", 200, """
            {"id":"6f2b0f0e-0000-4000-8000-000000000001","username":"ada","email":"ada@example.com",
            "roles":[{"name":"owner","display_name":"Owner"}]}
            """);
    }

    public void Answer(string line, int status, string body, params (string Name, string Value)[] headers) =>
        Answer(line, () =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, Encoding.UTF8, body.StartsWith('<') ? "text/html" : "application/json"),
            };
            foreach (var (name, value) in headers)
            {
                response.Headers.Add(name, value);
            }

            return response;
        });

    /// <summary>Answers one after the other; the last one stays.</summary>
    public void AnswerInTurn(string line, params string[] bodies)
    {
        var turn = 0;
        Answer(line, () => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(bodies[Math.Min(turn++, bodies.Length - 1)], Encoding.UTF8, "application/json"),
        });
    }

    public void Answer(string line, Func<HttpResponseMessage> answer)
    {
        var parts = line.Split(' ');
        _answers[$"{parts[0]} /api/v2{parts[1]}"] = answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var seen = new SeenRequest(
            request.Method.Method,
            request.RequestUri!.ToString(),
            request.Headers.TryGetValues("Coder-Session-Token", out var tokens) ? tokens.Single() : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        Requests.Add(seen);
        return _answers.TryGetValue(seen.Line, out var answer)
            ? answer()
            : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("""{"message":"Route not found."}""") };
    }
}
