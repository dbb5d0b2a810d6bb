using Coder.Api.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Users;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Coder.Api.Http;

/// <summary>
/// Judges the gates that stand on an action before anything of the request is bound, so that a caller who may not do something is told so
/// whatever else is wrong with the request (docs/spec/platform.md, section 4 rule 12).
/// </summary>
internal sealed class GateFilter(GateKeeper gates) : IAsyncAuthorizationFilter
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var endpoint = context.HttpContext.GetEndpoint()!.Metadata;
        var feature = endpoint.GetMetadata<RequiresFeatureAttribute>();
        var permission = endpoint.GetMetadata<RequiresPermissionAttribute>();
        if ((feature is null && permission is null) || context.HttpContext.Features.Get<Session>() is not { } session)
        {
            return;
        }

        if (gates.Judge(session.Actor, feature, permission) is { } refused)
        {
            await RecordsRefusalsAttribute.RecordAsync(context.HttpContext, refused);
            context.Result = ErrorPresenter.Present(context.HttpContext, refused);
        }
    }
}
