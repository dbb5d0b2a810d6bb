using Coder.Api.Configuration;
using Coder.Api.Http;
using Coder.Domain.Common;

namespace Coder.Api.Deployment;

/// <summary>
/// Applications of workspaces below <c>/@user/workspace/apps/</c>: this server serves none, whatever else it may serve below <c>/</c>
/// (docs/spec/platform.md, section 8.5).
/// </summary>
internal static class PathApps
{
    private static readonly Error Disabled = new(
        ErrorKind.Forbidden, "Path-based applications are disabled on this Coder deployment by the administrator.");

    public static IApplicationBuilder UsePathApps(this IApplicationBuilder app, CoderSettings settings)
    {
        var answer = settings.DisablePathApps ? Disabled : Routing.NoRoute;
        return app.Use(next => context => IsApp(context.Request.Path) ? ErrorPresenter.WriteAsync(context, answer) : next(context));
    }

    private static bool IsApp(PathString path) =>
        path.Value is { } text
        && text.StartsWith("/@", StringComparison.Ordinal)
        && text.Split('/') is [_, { Length: > 1 }, { Length: > 0 }, "apps", ..];
}
