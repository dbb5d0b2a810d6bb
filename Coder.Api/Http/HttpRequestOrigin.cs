using Coder.Application.AuditLogs;

namespace Coder.Api.Http;

/// <summary>The origin of the request that this scope serves.</summary>
internal sealed class HttpRequestOrigin(IHttpContextAccessor accessor) : IRequestOrigin
{
    private HttpContext? Context => accessor.HttpContext;

    public string? IpAddress => Context?.IpAddress();

    public string? UserAgent => Context?.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null;

    public Guid RequestId => Guid.TryParse(Context?.TraceIdentifier, out var id) ? id : Guid.Empty;
}
