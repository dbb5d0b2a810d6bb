using Coder.Api.Deployment;

namespace Coder.Api.Csrf;

/// <summary>Holds <see cref="CsrfRule"/>.</summary>
internal static class CsrfGuard
{
    /// <summary>Must stand before the limits on requests, or a foreign page could use up those of its visitor.</summary>
    public static IApplicationBuilder UseCsrfGuard(this IApplicationBuilder app)
    {
        var accessUrl = app.ApplicationServices.GetRequiredService<AccessUrl>();
        return app.Use(next => context =>
        {
            if (CsrfRule.Judge(context.Request, accessUrl) is not { } refusal)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(refusal, context.RequestAborted);
        });
    }
}
