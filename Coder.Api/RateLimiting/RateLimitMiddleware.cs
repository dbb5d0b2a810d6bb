using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Coder.Api.Authentication;
using Coder.Api.Configuration;
using Coder.Api.Http;
using Coder.Application.Users;
using Coder.Application.WorkspaceProxies;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Coder.Api.RateLimiting;

/// <summary>Holds the limits on requests (docs/spec/platform.md, section 5.6).</summary>
/// <remarks>
/// Requests of strangers, and to endpoints with a limit of their own, are counted by route template and not by path: a caller can invent
/// paths without end, and each of them would be a window of its own, to be kept and to be filled anew. Users are known, and programs of
/// theirs read many objects one after the other, so each of those has a window.
/// </remarks>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, CoderSettings settings, RequestWindows windows, RefusedCredentials refused, TimeProvider time)
{
    private const string BypassHeader = "X-Coder-Bypass-Ratelimit";

    // Whatever a user reads, so that one can not have windows without number.
    private const int AllRoutes = -1;
    private const int AllRoutesTimes = 16;

    // What nothing serves, and wrong methods.
    private static readonly Route Nowhere = new(0, null, false);

    private static readonly ResponseBody NoBypass = new(
        "Only owners may bypass the rate limits.", $"Send the request again without the header {BypassHeader}.");

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConditionalWeakTable<Endpoint, Route> _routes = [];

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var route = endpoint is null ? Nowhere : _routes.TryGetValue(endpoint, out var known) ? known : _routes.GetValue(endpoint, RouteOf);
        var limit = route.Own ?? (IsOfTheApi(context.Request.Path) ? settings.ApiRateLimit : null);
        if (limit is not { } most)
        {
            return next(context);
        }

        if (endpoint?.Metadata.GetMetadata<AgentAuthenticationAttribute>() is not null)
        {
            return AuthenticateProgramAsync(context, route, most, AgentTokenHandler.SchemeName, Credentials.Find(context.Request));
        }

        if (route.IsForKnownCallers && endpoint?.Metadata.GetMetadata<ProxyAuthenticationAttribute>() is not null)
        {
            var token = context.Request.Headers[ProxyTokenHandler.Header] is [{ Length: > 0 } one] ? one : null;
            return AuthenticateProgramAsync(context, route, most, ProxyTokenHandler.SchemeName, token);
        }

        var policy = endpoint?.Metadata.GetMetadata<AuthorizationPolicy>();
        var wantsBypass = string.Equals(context.Request.Headers[BypassHeader], "true", StringComparison.OrdinalIgnoreCase);
        return policy is null && !wantsBypass
            ? JudgeAsync(context, route, most, wantsBypass: false, isOpen: true, credential: null)
            : AuthenticateAsync(context, route, most, policy, wantsBypass);
    }

    private async Task AuthenticateAsync(HttpContext context, Route route, int limit, AuthorizationPolicy? policy, bool wantsBypass)
    {
        var credential = Credentials.Find(context.Request);
        if (credential is not null && !wantsBypass && IsRefused(credential, route, context, out var known, out var verdict))
        {
            await RefuseAsync(context, known, verdict);
            return;
        }

        foreach (var scheme in policy?.AuthenticationSchemes ?? [SessionTokenHandler.SchemeName])
        {
            await context.AuthenticateAsync(scheme);
        }

        await JudgeAsync(context, route, limit, wantsBypass, policy is null, credential);
    }

    private bool IsRefused(string credential, Route route, HttpContext context, out int limit, out RateLimitVerdict verdict)
    {
        var now = time.GetUtcNow();
        return refused.TryFind(credential, AllRoutes, now, out limit, out verdict)
            || refused.TryFind(credential, PathOf(route, context), now, out limit, out verdict);
    }

    // All agents of a site may come from one address.
    private async Task AuthenticateProgramAsync(HttpContext context, Route route, int limit, string scheme, string? credential)
    {
        if (credential is not null && IsRefused(credential, route, context, out var known, out var verdict))
        {
            await RefuseAsync(context, known, verdict);
            return;
        }

        await context.AuthenticateAsync(scheme);
        await JudgeAsync(context, route, limit, wantsBypass: false, isOpen: false, credential);
    }

    private Task JudgeAsync(HttpContext context, Route route, int limit, bool wantsBypass, bool isOpen, string? credential)
    {
        var session = context.Features.Get<Session>();
        if (wantsBypass && session?.Actor.HasSiteRole(RoleNames.Owner) == true)
        {
            return next(context);
        }

        var now = time.GetUtcNow();
        if (session is not null && route.Own is null)
        {
            var sum = windows.Take(RateLimitKey.OfUser(session.Actor.UserId, AllRoutes), Sum(limit), now);
            if (!sum.IsAllowed)
            {
                return RefuseAsync(context, credential, AllRoutes, Sum(limit), sum, now);
            }
        }

        var path = PathOf(route, context);
        var key = KeyOf(context, session, route, path);
        if (route.IsForKnownCallers && !key.IsUser)
        {
            if (settings.ApiRateLimit is not { } general)
            {
                return next(context);
            }

            limit = general;
        }

        var verdict = windows.Take(key, limit, now);
        if (!verdict.IsAllowed)
        {
            return RefuseAsync(context, credential, path, limit, verdict, now);
        }

        Tell(context, limit, verdict);

        // Who has no session where one is needed is told so by what comes next.
        if (wantsBypass && (isOpen || session is not null))
        {
            context.Response.StatusCode = StatusCodes.Status428PreconditionRequired;
            return ErrorPresenter.WriteAsync(context, NoBypass);
        }

        return next(context);
    }

    private static int Sum(int limit) => (int)Math.Min(int.MaxValue, (long)limit * AllRoutesTimes);

    private static RateLimitKey KeyOf(HttpContext context, Session? session, Route route, int path)
    {
        if (context.Features.Get<AgentSession>() is { } agent)
        {
            return RateLimitKey.OfUser(agent.AgentId, route.Number);
        }

        if (context.Features.Get<ProxySession>() is { } proxy)
        {
            return RateLimitKey.OfUser(proxy.Id, route.Number);
        }

        return session is null
            ? RateLimitKey.OfAddress(context.Connection.RemoteIpAddress, route.Number)
            : RateLimitKey.OfUser(session.Actor.UserId, path);
    }

    private static int PathOf(Route route, HttpContext context) => route.Own is null
        ? HashCode.Combine(route.Number, string.GetHashCode(context.Request.Path.Value, StringComparison.OrdinalIgnoreCase))
        : route.Number;

    private Task RefuseAsync(
        HttpContext context, string? credential, int route, int limit, RateLimitVerdict verdict, DateTimeOffset now)
    {
        if (credential is not null)
        {
            refused.Add(credential, route, limit, verdict, now);
        }

        return RefuseAsync(context, limit, verdict);
    }

    private static Task RefuseAsync(HttpContext context, int limit, RateLimitVerdict verdict)
    {
        Tell(context, limit, verdict);
        return ErrorPresenter.WriteAsync(context, TooMany(limit, verdict.RetryAfter));
    }

    private static void Tell(HttpContext context, int limit, RateLimitVerdict verdict)
    {
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = verdict.ResetAt.ToString(CultureInfo.InvariantCulture);
    }

    private static Error TooMany(int limit, TimeSpan wait) => new(
        ErrorKind.TooManyRequests,
        string.Create(CultureInfo.InvariantCulture, $"You've been rate limited for sending more than {limit} requests in 1m0s."))
    {
        RetryAfter = wait,
    };

    private static bool IsOfTheApi(PathString path) =>
        path.StartsWithSegments("/api/v2", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/api/experimental", StringComparison.OrdinalIgnoreCase);

    private Route RouteOf(Endpoint endpoint)
    {
        var attribute = endpoint.Metadata.GetMetadata<RateLimitAttribute>();
        var own = attribute?.PerMinute;
        var isForKnown = attribute?.IsForKnownCallers == true;
        return endpoint is RouteEndpoint { RoutePattern.RawText: { } template }
            ? new Route(NumberOf(string.Create(CultureInfo.InvariantCulture, $"{template} {own}")), own, isForKnown)
            : new Route(Nowhere.Number, own, isForKnown);
    }

    private int NumberOf(string template) => _numbers.GetOrAdd(template, _ => _numbers.Count + 1);

    /// <summary>What is counted together.</summary>
    /// <param name="Number">The same for all methods of a template that have the same limit.</param>
    /// <param name="Own">A limit of its own.</param>
    /// <param name="IsForKnownCallers">Whether it is that of known callers alone.</param>
    private sealed record Route(int Number, int? Own, bool IsForKnownCallers);
}
