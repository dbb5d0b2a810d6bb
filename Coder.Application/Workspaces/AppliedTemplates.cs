using Coder.Application.Licensing;
using Coder.Application.Templates;
using Coder.Domain.Templates;

namespace Coder.Application.Workspaces;

/// <summary>The templates of workspaces, as far as the license lets them apply (docs/spec/workspaces.md, section 6).</summary>
internal sealed class AppliedTemplates(ITemplateDirectory templates, IEntitlementSource entitlements)
{
    /// <summary>Reads the template of a workspace.</summary>
    /// <exception cref="InvalidOperationException">There is none: workspaces refer to theirs as long as they exist.</exception>
    public async Task<Template> ReadAsync(Guid template, CancellationToken ct) => await templates.FindAsync(template, ct) is { } found
        ? TemplateLicensing.Apply(found, entitlements.Current)
        : throw new InvalidOperationException("A workspace has no template.");
}
