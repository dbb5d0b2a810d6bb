using Coder.Api.Configuration;

namespace Coder.Api.RateLimiting;

/// <summary>Puts the limits in their place.</summary>
internal static class RateLimitSetup
{
    /// <summary>
    /// Must stand between routing and authorization: attempts with a bad credential count too. Which scheme an endpoint wants is known from
    /// its policy, and what authentication finds out here is not asked for again.
    /// </summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, CoderSettings settings) =>
        settings.DisableRateLimits ? app : app.UseMiddleware<RateLimitMiddleware>();
}
