using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Whether the schedule of a workspace would have it started with a newer version, whose parameters the values of the last build do not
/// satisfy (docs/spec/workspaces.md, section 7.4).
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
public sealed record ResolveAutostart(Actor Actor, string Workspace) : IQuery<bool>, IActorRequest;

internal sealed class ResolveAutostartHandler(
    WorkspaceTargets targets, IWorkspaceStore workspaces, AppliedTemplates templates, ITemplateDirectory versions, IBuildReader builds)
    : IRequestHandler<ResolveAutostart, Result<bool>>
{
    public async Task<Result<bool>> Handle(ResolveAutostart request, CancellationToken cancellationToken)
    {
        if (!(await targets.FindAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error))
        {
            return error;
        }

        var template = await templates.ReadAsync(workspace.TemplateId, cancellationToken);
        var build = await workspaces.LatestBuildAsync(workspace.Id, cancellationToken);
        if (build is null
            || build.TemplateVersionId == template.ActiveVersionId
            || !(template.RequireActiveVersion || workspace.AutomaticUpdates == AutomaticUpdates.Always))
        {
            return false;
        }

        var parameters = await versions.ParametersAsync(template.ActiveVersionId, cancellationToken);
        var values = await builds.ValuesAsync(build.Id, cancellationToken);
        var sources = new ParameterSources { LastBuild = values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal) };
        return !ParameterResolution.Resolve(parameters, sources).Is(out _, out _);
    }
}
