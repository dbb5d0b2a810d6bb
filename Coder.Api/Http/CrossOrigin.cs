using Coder.Api.Authentication;
using Coder.Api.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace Coder.Api.Http;

/// <summary>
/// Which other sites may read answers: none, but where an endpoint has a policy of its own (docs/spec/platform.md, section 4 rule 10).
/// </summary>
internal static class CrossOrigin
{
    /// <summary>Must stand between routing and what refuses requests: a preflight has no credential and often no route.</summary>
    public static IApplicationBuilder UseCrossOrigin(this IApplicationBuilder app, CoderSettings settings)
    {
        if (!settings.AllowCors)
        {
            return app.UseWhen(IsConcerned, branch => branch.UseCors());
        }

        return app.UseWhen(IsReading, branch => branch.UseCors(policy => policy
            .AllowAnyOrigin()
            .WithMethods(HttpMethods.Get, HttpMethods.Options)
            .WithHeaders(HeaderNames.Accept, HeaderNames.Authorization, HeaderNames.ContentType, Credentials.SessionTokenHeader)));
    }

    // Most requests have no origin, and none of them has to pay for this. (The framework insists on it where an endpoint has a policy.)
    private static bool IsConcerned(HttpContext context) =>
        context.Request.Headers.Origin.Count > 0 || context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null;

    // The framework judges methods only before a request, and a simple one comes without being announced.
    private static bool IsReading(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        || HttpMethods.IsHead(context.Request.Method)
        || HttpMethods.IsOptions(context.Request.Method);
}
