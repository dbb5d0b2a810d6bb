using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Application.Templates;

/// <summary>
/// Turns the <c>{templateversion}</c> and <c>{jobID}</c> of a path into a dry run. It belongs to whoever asked for it, like the workspace
/// that it is a trial of: those who may not read such a workspace get the 404 of one that is not there.
/// </summary>
internal sealed class DryRunLookup(TemplateLookup lookup, IJobQueue queue)
{
    /// <summary>What decides about the dry runs of a user in an organization.</summary>
    public static ObjectRef Reference(Guid organization, Guid initiator) =>
        new(ResourceType.Workspace) { Owner = initiator, Organization = organization };

    /// <summary>Finds a dry run that the caller may read.</summary>
    public async Task<Result<JobView>> FindAsync(Actor actor, string version, string job, CancellationToken ct)
    {
        if (!(await lookup.FindVersionAsync(actor, version, ct)).Is(out var found, out var error) || !PathIds.Parse(job).Is(out var id, out error))
        {
            return error;
        }

        return (await queue.ReadAsync([id], ct)).GetValueOrDefault(id) is { Type: JobType.TemplateVersionDryRun } run
            && run.Input.TemplateVersionId == found.Version.Id
            && Authorizer.Can(actor, PermissionAction.Read, Reference(run.OrganizationId, run.InitiatorId))
                ? run
                : Error.NotFound;
    }
}
