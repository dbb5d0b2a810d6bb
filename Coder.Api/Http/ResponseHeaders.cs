using Coder.Api.Deployment;

namespace Coder.Api.Http;

/// <summary>The headers that every answer carries, whatever becomes of the request.</summary>
internal static class ResponseHeaders
{
    private static readonly Func<object, Task> Set = state =>
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers["X-Coder-Request-Id"] = context.TraceIdentifier;
        headers["X-Coder-Build-Version"] = ProductVersion.Text;
        headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    };

    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app)
    {
        var ids = app.ApplicationServices.GetRequiredService<Application.Common.IIds>();
        return app.Use(next => context =>
        {
            context.TraceIdentifier = ids.Random().ToString();
            context.Response.OnStarting(Set, context);
            return next(context);
        });
    }
}
