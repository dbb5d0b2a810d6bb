using Coder.Api.Configuration;
using Coder.Api.Deployment;

namespace Coder.Api.Http;

/// <summary>The headers that every answer carries, whatever becomes of the request.</summary>
internal static class ResponseHeaders
{
    private const string Html = "text/html";

    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<ContentSecurityPolicy>();
        var transport = app.ApplicationServices.GetRequiredService<CoderSettings>().StrictTransportSecurity;
        Func<object, Task> set = state =>
        {
            Set((HttpContext)state, pages, transport);
            return Task.CompletedTask;
        };
        var ids = app.ApplicationServices.GetRequiredService<Application.Common.IIds>();
        return app.Use(next => context =>
        {
            context.TraceIdentifier = ids.Random().ToString();
            context.Response.OnStarting(set, context);
            return next(context);
        });
    }

    private static void Set(HttpContext context, ContentSecurityPolicy pages, string? transport)
    {
        var headers = context.Response.Headers;
        headers["X-Coder-Request-Id"] = context.TraceIdentifier;
        headers["X-Coder-Build-Version"] = ProductVersion.Text;
        headers.XContentTypeOptions = "nosniff";
        if (transport is not null)
        {
            headers.StrictTransportSecurity = transport;
        }

        if (context.Response.ContentType?.StartsWith(Html, StringComparison.OrdinalIgnoreCase) == true
            && headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = pages.Pages;
        }
    }
}
