using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Coder.Cli.Tests.Provisionerd;

/// <summary>A call as the server saw it.</summary>
/// <param name="Name">register, acquire, archive, update, complete, fail or canceled.</param>
/// <param name="Path">Below <c>/api/v2</c>.</param>
/// <param name="Body">Empty without one.</param>
/// <param name="Credentials">The headers that prove something, as <c>name: value</c>.</param>
internal sealed record DaemonCall(string Name, string Path, string Body, string Credentials)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>The daemon API in memory. What is queued for a call is answered once; then comes the usual answer.</summary>
internal sealed class DaemonServer : HttpMessageHandler
{
    public static readonly Guid Daemon = new("0b3a4f0e-0000-4000-8000-00000000000d");
    public static readonly Guid Job = new("0b3a4f0e-0000-4000-8000-00000000000b");
    public static readonly Guid Build = new("0b3a4f0e-0000-4000-8000-0000000000bb");

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpResponseMessage>>> _queued = new(StringComparer.Ordinal);

    public ConcurrentQueue<DaemonCall> Calls { get; } = [];

    public byte[] Archive { get; set; } = Tar(("main.tf", "# nothing"));

    /// <summary>Whether the job is canceled when the daemon reports next.</summary>
    public bool IsCanceled { get; set; }

    /// <summary>Whether nothing is reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>The most bytes of a report; the real one takes 1 MiB.</summary>
    public int LargestUpdate { get; set; } = 1024 * 1024;

    /// <summary>Says which calls are refused, with a status and a message.</summary>
    public Func<DaemonCall, (int Status, string Message)?> Refuse { get; set; } = _ => null;

    /// <summary>The texts of all lines that have arrived, in order.</summary>
    public IEnumerable<string> Lines => Arrived.Where(call => call.Name == "update")
        .SelectMany(call => call.Json["logs"]!.AsArray()).Select(line => line!["output"]!.GetValue<string>());

    /// <summary>The calls that were answered as usual.</summary>
    public ConcurrentQueue<DaemonCall> Arrived { get; } = [];

    public IEnumerable<string> Names => Calls.Select(call => call.Name);

    public DaemonCall Single(string name) => Calls.Single(call => call.Name == name);

    public void Post(string job = """{"template_version_id":"0b3a4f0e-0000-4000-8000-0000000000aa"}""") => Answer(
        "acquire", 200, $$"""{"job":{"id":"{{Job}}","type":"template_version_import"},"template_import":{{job}} }""");

    /// <summary>Posts a build, which begins with a state.</summary>
    public void PostBuild(string state = "") => Answer(
        "acquire",
        200,
        $$"""
        {"job":{"id":"{{Job}}","type":"workspace_build"},"workspace_build":{"workspace_build_id":"{{Build}}","build_number":1,
         "transition":"start","workspace_owner_name":"ada","workspace_name":"dev","state":"{{state}}"} }
        """);

    public void Answer(string call, int status, string body) => Answer(
        call, () => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    public void Answer(string call, Func<HttpResponseMessage> answer) => _queued.GetOrAdd(call, _ => []).Enqueue(answer);

    public static byte[] Tar(params (string Name, string Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var data = new MemoryStream(Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
            }
        }

        return stream.ToArray();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath["/api/v2".Length..];
        var last = path.Split('/')[^1];
        var name = request.Method == HttpMethod.Patch ? "update" : last == "provisionerdaemons" ? "register" : last;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var credentials = request.Headers.Where(header => header.Key.StartsWith("Coder-", StringComparison.Ordinal))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        var call = new DaemonCall(name, path, body, string.Join('|', credentials));
        Calls.Enqueue(call);
        if (IsAway)
        {
            throw new HttpRequestException("outer", new IOException("Connection refused"));
        }

        if ((name == "update" && Encoding.UTF8.GetByteCount(body) > LargestUpdate ? (413, "Request body is too large.") : Refuse(call))
            is { } refusal)
        {
            return new HttpResponseMessage((HttpStatusCode)refusal.Item1) { Content = Text($$"""{"message":"{{refusal.Item2}}"}""") };
        }

        if (_queued.TryGetValue(name, out var queue) && queue.TryDequeue(out var answer))
        {
            return answer();
        }

        if (name == "acquire")
        {
            // As long as it takes: nobody posts anything.
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        Arrived.Enqueue(call);
        HttpContent content = name switch
        {
            "archive" => new ByteArrayContent(Archive),
            "register" => Text($$"""{"id":"{{Daemon}}","name":"mole"}"""),
            "update" => Text($$"""{"canceled":{{(IsCanceled ? "true" : "false")}},"status":"running"}"""),
            _ => Text($$"""{"job":{"id":"{{Job}}"} }"""),
        };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static StringContent Text(string json) => new(json, Encoding.UTF8, "application/json");
}
