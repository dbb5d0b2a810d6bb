using Coder.Application.Builds;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>Finds what a new workspace is to be made of.</summary>
internal sealed class WorkspaceTemplates(BuildPlanner planner, ITemplateDirectory templates)
{
    /// <summary>Finds the template that a request names, itself or by a version.</summary>
    /// <param name="actor">Who asks; what they may not read is not there.</param>
    /// <param name="organization">Where the template must be; null for anywhere.</param>
    /// <param name="fields">Exactly one of template and version is named.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The template as the license lets it apply.</returns>
    public async Task<Result<Template>> ChooseAsync(
        Actor actor, Guid? organization, NewWorkspaceFields fields, CancellationToken cancellationToken)
    {
        var version = fields.VersionId is { } id ? await templates.FindVersionAsync(id, cancellationToken) : null;
        var template = (version?.Version.TemplateId ?? fields.TemplateId) is { } named
            ? await planner.FindTemplateAsync(named, cancellationToken)
            : null;
        if (template is null
            || (organization is { } place && template.OrganizationId != place)
            || !Authorizer.Can(actor, PermissionAction.Read, template.Ref))
        {
            return fields.VersionId is { } wanted ? CreationRules.NoVersion(wanted) : CreationRules.NoTemplate(fields.TemplateId.GetValueOrDefault());
        }

        return version?.Version is { IsArchived: true } archived ? CreationRules.ArchivedVersion(archived.Name)
            : template.IsDeleted ? CreationRules.DeletedTemplate(template.Name)
            : template;
    }
}
