using Coder.Api.Configuration;

namespace Coder.Api.Http;

/// <summary>Finds the client behind trusted proxies.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Puts the client's address in the place of the peer's, where <see cref="Routing.IpAddress"/> and everybody else looks for it.
    /// Must stand before all that asks.
    /// </summary>
    public static IApplicationBuilder UseClientAddress(this IApplicationBuilder app, CoderSettings settings)
    {
        var proxies = settings.TrustedProxies;
        if (proxies.Origins.Count == 0)
        {
            return app;
        }

        return app.Use(next => context =>
        {
            context.Connection.RemoteIpAddress = proxies.ClientOf(context.Connection.RemoteIpAddress, context.Request.Headers);
            return next(context);
        });
    }
}
