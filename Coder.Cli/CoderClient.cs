using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Coder.Cli.Common;

namespace Coder.Cli;

/// <summary>The calls of <c>/api/v2</c> that the commands make; collects the server's warnings on the way.</summary>
internal sealed class CoderClient : IDisposable
{
    private const string SessionHeader = "Coder-Session-Token";
    private const string WarningHeader = "X-Coder-Entitlements-Warning";
    private const long LargestAnswer = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The largest archive over a slow line.
    private static readonly TimeSpan UploadPatience = TimeSpan.FromMinutes(30);
    private static readonly CoderJsonContext Json = CoderJsonContext.Default;

    private readonly HttpClient _http;
    private readonly string? _token;
    private readonly List<string> _warnings;

    /// <param name="handler">Stays the caller's.</param>
    /// <param name="url">A parsed <see cref="DeploymentUrl"/>.</param>
    /// <param name="token">The session, or <see langword="null"/> for calls that need none.</param>
    /// <param name="warnings">Gets each distinct entitlement warning once, in order of arrival.</param>
    internal CoderClient(HttpMessageHandler handler, string url, string? token, List<string> warnings)
    {
        Url = url;
        _token = token;
        _warnings = warnings;
        _http = new HttpClient(handler, disposeHandler: false)
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has a patience of its own
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("coder-cli", VersionCommand.Number));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Where the requests go.</summary>
    internal string Url { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Makes sure that a Coder server answers there.</summary>
    internal async Task<CliError?> CheckServerAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, "/buildinfo", null, Json.BuildInfoJson, cancellationToken);
        return answer.Is(out var info, out var error)
            ? string.IsNullOrEmpty(info.Version) ? NotCoder() : null
            : error.Status is >= 400 and < 500 ? NotCoder() : error;
    }

    internal async Task<CliResult<bool>> HasFirstUserAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, "/users/first", null, Json.ResponseJson, cancellationToken);
        return answer.Is(out _, out var error)
            ? true
            : error.Status == (int)HttpStatusCode.NotFound ? false : error;
    }

    internal async Task<CliError?> CreateFirstUserAsync(CreateFirstUserJson user, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post, "/users/first", Body(user, Json.CreateFirstUserJson), Json.JsonElement, cancellationToken)).Error;

    /// <returns>The token of a new session.</returns>
    internal async Task<CliResult<string>> LoginAsync(string email, string password, CancellationToken cancellationToken)
    {
        var body = Body(new LoginJson(email, password), Json.LoginJson);
        var answer = await SendAsync(HttpMethod.Post, "/users/login", body, Json.SessionJson, cancellationToken);
        return answer.Is(out var session, out var error)
            ? session.SessionToken is { Length: > 0 } token ? token : NotCoder()
            : error;
    }

    internal Task<CliError?> LogoutAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/users/logout", cancellationToken);

    internal Task<CliResult<UserJson>> GetMeAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/users/me", null, Json.UserJson, cancellationToken);

    /// <returns>The stored license as the server shows it, without its token.</returns>
    internal async Task<CliResult<JsonElement>> AddLicenseAsync(string token, CancellationToken cancellationToken)
    {
        var body = Body(new AddLicenseJson(token), Json.AddLicenseJson);
        var answer = await SendAsync(HttpMethod.Post, "/licenses", body, Json.JsonElement, cancellationToken);
        return answer.Is(out var license, out _) && license.ValueKind != JsonValueKind.Object ? NotCoder() : answer;
    }

    internal async Task<CliResult<JsonElement[]>> ListLicensesAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, "/licenses", null, Json.JsonElement, cancellationToken);
        if (!answer.Is(out var list, out var error))
        {
            return error;
        }

        return list.ValueKind switch
        {
            JsonValueKind.Array => list.EnumerateArray().ToArray(),
            JsonValueKind.Null => Array.Empty<JsonElement>(),
            _ => NotCoder(),
        };
    }

    internal Task<CliError?> DeleteLicenseAsync(int id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, string.Create(null, $"/licenses/{id}"), cancellationToken);

    /// <summary>Reads from a path below <c>/api/v2</c>.</summary>
    internal Task<CliResult<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, type, cancellationToken);

    /// <summary>Sends a body to a path below <c>/api/v2</c>.</summary>
    internal Task<CliResult<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, Body(body, bodyType), type, cancellationToken);

    /// <summary>Changes something, where nothing in the answer matters.</summary>
    internal async Task<CliError?> PatchAsync<TBody>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken) =>
        (await ExchangeAsync(HttpMethod.Patch, path, Body(body, bodyType), cancellationToken)).Error;

    /// <summary>Sends a file, for which there is more time than for other requests.</summary>
    internal Task<CliResult<T>> UploadAsync<T>(
        string path, Stream content, string contentType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            path,
            new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
            type,
            cancellationToken);

    /// <summary>Asks for something that has neither body nor answer.</summary>
    internal async Task<CliError?> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        (await ExchangeAsync(method, path, null, cancellationToken)).Error;

    // As bytes, because JsonContent is sent in chunks, which some proxies refuse.
    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    private async Task<CliResult<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        var sent = await ExchangeAsync(method, path, body, cancellationToken);
        if (!sent.Is(out var content, out var error))
        {
            return error;
        }

        try
        {
            return JsonSerializer.Deserialize(content, type) is { } value ? value : NotCoder();
        }
        catch (JsonException)
        {
            return NotCoder();
        }
    }

    private async Task<CliResult<byte[]>> ExchangeAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{Url}/api/v2{path}") { Content = body };
        if (_token is not null)
        {
            request.Headers.Add(SessionHeader, _token);
        }

        var patience = body is StreamContent ? UploadPatience : Patience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            if (response.Headers.TryGetValues(WarningHeader, out var warnings))
            {
                _warnings.AddRange(warnings.Except(_warnings, StringComparer.Ordinal).ToArray());
            }

            var content = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return response.IsSuccessStatusCode ? content : Refused(response, content);
        }
        catch (HttpRequestException exception)
        {
            return Unreachable(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CliError($"The server at {Url} did not answer within {patience.TotalSeconds:0} seconds");
        }
    }

    private CliError Refused(HttpResponseMessage response, byte[] content)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return new CliError(
                $"The server at {Url} redirects to {response.Headers.Location}",
                Hint: "Use the address of the deployment itself.")
            {
                Status = status,
            };
        }

        if (Parse(content) is not { Message: { Length: > 0 } message } body)
        {
            return new CliError($"The server at {Url} answered with status {status}, and not in the way a Coder server does")
            {
                Status = status,
            };
        }

        var hint = status switch
        {
            (int)HttpStatusCode.Unauthorized when _token is not null => $"Run 'coder login {Url}' to sign in again.",
            _ when response.Headers.RetryAfter?.Delta is { } wait => $"Try again in {wait.TotalSeconds:0} seconds.",
            _ => null,
        };
        return new CliError(message, body.Detail, hint) { Status = status, Validations = body.Validations ?? [] };
    }

    private static ResponseJson? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, Json.ResponseJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CliError Unreachable(HttpRequestException exception)
    {
        var cause = exception.InnerException?.Message ?? exception.Message;
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new CliError($"Can not reach {Url}", "The name of the host is unknown."),
            HttpRequestError.SecureConnectionError => new CliError(
                $"No secure connection to {Url}",
                cause,
                exception.InnerException is AuthenticationException
                    ? "Check that the server's certificate is valid for this address and trusted on this machine."
                    : "Check that the server speaks https at this address."),
            HttpRequestError.ConfigurationLimitExceeded => new CliError($"The answer of {Url} is too large"),
            _ => new CliError($"Can not reach {Url}", cause, "Check the address, and that the server is running."),
        };
    }

    private CliError NotCoder() => new($"What answers at {Url} is not a Coder server", Hint: "Check the address.");
}
