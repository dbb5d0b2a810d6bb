using Coder.Api.Deployment;

namespace Coder.Api.Http;

/// <summary>What a page of this server may load and whom it may talk to (docs/spec/platform.md, section 4 rule 9).</summary>
/// <remarks>A page that needs another policy sets the header itself; it is left alone then.</remarks>
internal sealed class ContentSecurityPolicy(AccessUrl accessUrl)
{
    private string? _pages;

    /// <summary>The policy of pages that say nothing else.</summary>
    public string Pages => _pages ??= Write(new Uri(accessUrl.Value), "");

    /// <summary>The policy of the Swagger page, whose script makes a function of the text of our request interceptor.</summary>
    public string SwaggerPage => Write(new Uri(accessUrl.Value), " 'unsafe-eval'");

    // Of the access URL and not of the request: what a caller says about the host is repeated nowhere.
    private static string Write(Uri host, string scripts) => string.Join("; ", [
        "default-src 'self'",
        $"connect-src 'self' ws://{host.Authority} wss://{host.Authority}",
        "child-src 'self'",
        $"script-src 'self'{scripts}",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' https: data:",
        "object-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "media-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self' blob:",
        "report-uri /api/v2/csp/reports",
    ]);
}
