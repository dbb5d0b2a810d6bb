using System.Net;
using Coder.Domain.Common;

namespace Coder.Api.Http;

/// <summary>What happens to paths before and beside the controllers.</summary>
internal static class Routing
{
    /// <summary>What nothing serves.</summary>
    public static readonly Error NoRoute = new(ErrorKind.NotFound, "Route not found.");

    /// <summary>Repeated slashes count as one. Must stand before routing.</summary>
    public static IApplicationBuilder UseSingleSlashes(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (context.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal))
        {
            context.Request.Path = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }

        return next(context);
    });

    /// <summary>Answers paths that nothing serves. Must stand between routing and authorization: nobody has to sign in to be told.</summary>
    public static IApplicationBuilder UseRouteNotFound(this IApplicationBuilder app) => app.Use(next => context =>
        context.GetEndpoint() is null ? ErrorPresenter.WriteAsync(context, NoRoute) : next(context));

    /// <summary>The caller's address.</summary>
    public static string IpAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null)
        {
            return "0.0.0.0";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        // A link-local address names the interface behind it (fe80::1%2), which PostgreSQL's inet has no place for.
        return new IPAddress(address.GetAddressBytes()).ToString();
    }
}
