using Coder.Application.Licensing;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>What a template says of its workspaces, as far as the license lets it (docs/spec/workspaces.md, section 6).</summary>
internal sealed class TemplateTermsReader(IWorkspaceStore workspaces, IEntitlementSource entitlements)
{
    /// <summary>Reads the terms of a template.</summary>
    public async Task<TemplateTerms> ReadAsync(Guid template, CancellationToken ct)
    {
        var stored = await workspaces.TermsAsync(template, ct);
        var licensed = entitlements.Current;
        return stored with
        {
            Scheduling = licensed.IsEnabled(FeatureName.AdvancedTemplateScheduling)
                ? stored.Scheduling
                : new TemplateScheduling { DefaultTtl = stored.Scheduling.DefaultTtl, ActivityBump = stored.Scheduling.ActivityBump },
            RequireActiveVersion = stored.RequireActiveVersion && licensed.IsEnabled(FeatureName.AccessControl),
            MaxPortSharingLevel = licensed.IsEnabled(FeatureName.ControlSharedPorts) ? stored.MaxPortSharingLevel : AppSharingLevel.Public,
        };
    }
}
