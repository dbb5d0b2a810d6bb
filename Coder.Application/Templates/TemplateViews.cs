using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Authorization;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>Shows templates as they apply under the present licenses.</summary>
internal sealed class TemplateViews(ITemplateStore templates, IEntitlementSource entitlements, TimeProvider time)
{
    /// <summary>The templates that match and may be seen, ordered by name.</summary>
    public async Task<IReadOnlyList<TemplateView>> ListAsync(
        TemplateFilter filter, Guid? organization, ReadScope scope, CancellationToken ct)
    {
        if (!entitlements.Current.IsEnabled(FeatureName.AccessControl))
        {
            // Then nothing is deprecated, whatever is stored.
            if (filter.IsDeprecated == true)
            {
                return [];
            }

            filter = filter with { IsDeprecated = null };
        }

        if (scope.Kind == ReadScopeKind.None)
        {
            return [];
        }

        var since = time.GetUtcNow().ToMicroseconds() - TemplateView.StatisticsPeriod;
        var found = await templates.ListAsync(filter, organization, scope, since, ct);
        return [.. found.Select(view => view with { Template = TemplateLicensing.Apply(view.Template, entitlements.Current) })];
    }

    /// <summary>A template that the caller may see, or has just written.</summary>
    public async Task<TemplateView> OneAsync(Guid template, CancellationToken ct) =>
        (await ListAsync(new TemplateFilter { Ids = [template] }, null, ReadScope.All, ct)).Single();
}
