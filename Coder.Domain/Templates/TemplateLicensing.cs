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
            MaxPortSharingLevel = entitlements.IsEnabled(FeatureName.ControlSharedPorts)
                ? template.MaxPortSharingLevel
                : AppSharingLevel.Public,
        };
    }

    /// <summary>A new state of a template as it may be stored: what the license does not give stays as it was.</summary>
    /// <param name="after">The wanted state.</param>
    /// <param name="before">The state so far; of a new template, one without any of it.</param>
    /// <param name="entitlements">What the licenses give.</param>
    public static Template Restrict(Template after, Template before, Entitlements entitlements)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(entitlements);
        var hasAccessControl = entitlements.IsEnabled(FeatureName.AccessControl);
        return after with
        {
            Scheduling = entitlements.IsEnabled(FeatureName.AdvancedTemplateScheduling)
                ? after.Scheduling
                : before.Scheduling with { DefaultTtl = after.Scheduling.DefaultTtl, ActivityBump = after.Scheduling.ActivityBump },
            RequireActiveVersion = hasAccessControl ? after.RequireActiveVersion : before.RequireActiveVersion,
            Deprecated = hasAccessControl ? after.Deprecated : before.Deprecated,
            MaxPortSharingLevel = entitlements.IsEnabled(FeatureName.ControlSharedPorts)
                ? after.MaxPortSharingLevel
                : before.MaxPortSharingLevel,
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
