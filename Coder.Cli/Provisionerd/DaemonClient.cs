using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>The header that proves who drives the daemon.</summary>
internal sealed record DaemonCredential(string Header, string Secret)
{
    internal static DaemonCredential Session(string token) => new("Coder-Session-Token", token);

    internal static DaemonCredential SharedSecret(string secret) => new("Coder-Provisioner-Daemon-PSK", secret);

    internal static DaemonCredential Key(string key) => new("Coder-Provisioner-Daemon-Key", key);

    /// <summary>Without the secret: records show all their members otherwise.</summary>
    public override string ToString() => Header;
}

/// <summary>The HTTP API of provisioner daemons (docs/spec/workspaces.md, section 5). Failures are values and never show a secret.</summary>
internal sealed class DaemonClient : IDisposable
{
    private const long LargestAnswer = 64L * 1024 * 1024;
    private const int BufferSize = 81_920;

    /// <summary>How long an answer may take, and how long a download may stand still.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly DaemonJsonContext Json = DaemonJsonContext.Default;

    private readonly HttpClient _http;
    private readonly string _url;
    private readonly DaemonCredential _credential;
    private readonly TimeProvider _time;

    /// <param name="handler">Stays the caller's.</param>
    /// <param name="url">A parsed <see cref="DeploymentUrl"/>.</param>
    /// <param name="credential">Goes with every request.</param>
    /// <param name="time">The clock of downloads.</param>
    internal DaemonClient(HttpMessageHandler handler, string url, DaemonCredential credential, TimeProvider time)
    {
        _url = url;
        _credential = credential;
        _time = time;
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("coder-provisionerd", VersionCommand.Number));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Where the requests go.</summary>
    internal string Url => _url;

    public void Dispose() => _http.Dispose();

    /// <summary>Adds the daemon, or takes up the one of the same name and owner.</summary>
    internal Task<CliResult<DaemonJson>> RegisterAsync(string organization, RegisterDaemonJson daemon, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            $"/organizations/{Uri.EscapeDataString(organization)}/provisionerdaemons",
            Body(daemon, Json.RegisterDaemonJson),
            Json.DaemonJson,
            cancellationToken);

    /// <summary>Waits for a job.</summary>
    /// <returns>The job, or one without <see cref="AcquiredJobJson.Job"/> when none came in time.</returns>
    internal async Task<CliResult<AcquiredJobJson>> AcquireAsync(Guid daemon, AcquireJson request, CancellationToken cancellationToken)
    {
        var sent = await ExchangeAsync(
            HttpMethod.Post, $"/provisionerdaemons/{daemon}/acquire", Body(request, Json.AcquireJson), cancellationToken);
        return !sent.Is(out var content, out var error) ? error
            : content.Length == 0 ? new AcquiredJobJson(null, null, null)
            : Parse(content, Json.AcquiredJobJson);
    }

    /// <summary>Downloads the archive of a job into a stream. It may take as long as it likes, as long as something comes.</summary>
    internal async Task<CliError?> DownloadAsync(Guid daemon, Guid job, Stream target, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, $"{JobPath(daemon, job)}/archive", null);
        using var standstill = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, standstill.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return Refused((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
            }

            await using var source = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[BufferSize];
            while (await source.ReadAsync(buffer, either.Token) is > 0 and var count)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), either.Token);
                standstill.CancelAfter(Patience);
            }

            return null;
        }
        catch (Exception exception) when (IsNetwork(exception, cancellationToken))
        {
            return standstill.IsCancellationRequested
                ? new CliError($"The download from {_url} stood still for {Patience.TotalSeconds:0} seconds")
                : Unreachable(exception);
        }
    }

    /// <summary>Hands in log lines, which may be none, and hears whether the job is to stop.</summary>
    internal Task<CliResult<ProgressJson>> UpdateAsync(Guid daemon, Guid job, UpdateJobJson update, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, JobPath(daemon, job), Body(update, Json.UpdateJobJson), Json.ProgressJson, cancellationToken);

    internal async Task<CliError?> CompleteAsync(Guid daemon, Guid job, CompleteJobJson result, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post, $"{JobPath(daemon, job)}/complete", Body(result, Json.CompleteJobJson), Json.EndedJobJson, cancellationToken)).Error;

    internal async Task<CliError?> FailAsync(Guid daemon, Guid job, FailJobJson failure, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post, $"{JobPath(daemon, job)}/fail", Body(failure, Json.FailJobJson), Json.EndedJobJson, cancellationToken)).Error;

    internal async Task<CliError?> AcknowledgeCancelAsync(Guid daemon, Guid job, CanceledJobJson state, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post, $"{JobPath(daemon, job)}/canceled", Body(state, Json.CanceledJobJson), Json.EndedJobJson, cancellationToken)).Error;

    private static string JobPath(Guid daemon, Guid job) => $"/provisionerdaemons/{daemon}/jobs/{job}";

    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    private static bool IsNetwork(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body)
    {
        var request = new HttpRequestMessage(method, $"{_url}/api/v2{path}") { Content = body };
        request.Headers.TryAddWithoutValidation(_credential.Header, _credential.Secret);
        return request;
    }

    private async Task<CliResult<T>> SendAsync<T>(
        HttpMethod method, string path, HttpContent body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var sent = await ExchangeAsync(method, path, body, cancellationToken);
        return sent.Is(out var content, out var error) ? Parse(content, type) : error;
    }

    private async Task<CliResult<byte[]>> ExchangeAsync(
        HttpMethod method, string path, HttpContent body, CancellationToken cancellationToken)
    {
        using var request = Request(method, path, body);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? content : Refused((int)response.StatusCode, content);
        }
        catch (Exception exception) when (IsNetwork(exception, cancellationToken))
        {
            return Unreachable(exception);
        }
    }

    private CliResult<T> Parse<T>(byte[] content, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) is { } value ? value : NotCoder();
        }
        catch (JsonException)
        {
            return NotCoder();
        }
    }

    private CliError Refused(int status, byte[] content)
    {
        ResponseJson? body = null;
        try
        {
            body = JsonSerializer.Deserialize(content, CoderJsonContext.Default.ResponseJson);
        }
        catch (JsonException)
        {
            // A proxy answered, in its own words.
        }

        return body is { Message: { Length: > 0 } message }
            ? new CliError(message, body.Detail) { Status = status, Validations = body.Validations ?? [] }
            : new CliError($"The server at {_url} answered with status {status}, and not in the way a Coder server does") { Status = status };
    }

    private CliError Unreachable(Exception exception) => exception is OperationCanceledException
        ? new CliError($"The server at {_url} did not answer within {Patience.TotalSeconds:0} seconds")
        : new CliError($"Can not reach {_url}", exception.InnerException?.Message ?? exception.Message);

    private CliError NotCoder() => new($"What answers at {_url} is not a Coder server", Hint: "Check the address.");
}
