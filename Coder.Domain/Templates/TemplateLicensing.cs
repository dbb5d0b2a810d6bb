using Coder.Domain.Licensing;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Templates;

/// <summary>
/// What of a template takes a license (docs/spec/workspaces.md, section 6): a license that ends does not change what is stored, and
/// one that comes back brings it back.
/// </summary>
public static class TemplateLicensing
{
    /// <summary>The template as it applies now.</summary>
    public static Template Apply(Template template, Entitlements entitlements)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(entitlements);
        var hasAccessControl = entitlements.IsEnabled(FeatureName.AccessControl);
        return template with
        {
            Scheduling = ApplySchedule(template.Scheduling, entitlements),
            RequireActiveVersion = hasAccessControl && template.RequireActiveVersion,
            Deprecated = hasAccessControl ? template.Deprecated : "",
        };
    }

    /// <summary>The schedule as it applies now.</summary>
    public static TemplateScheduling ApplySchedule(TemplateScheduling scheduling, Entitlements entitlements)
    {
        ArgumentNullException.ThrowIfNull(scheduling);
        ArgumentNullException.ThrowIfNull(entitlements);
        return entitlements.IsEnabled(FeatureName.AdvancedTemplateScheduling)
            ? scheduling
            : TemplateScheduling.None with { DefaultTtl = scheduling.DefaultTtl, ActivityBump = scheduling.ActivityBump };
    }
}
