using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Application.Templates;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Takes a build back that waits, or stops one that runs (docs/spec/workspaces.md, section 7.3).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
/// <param name="ExpectStatus">See <see cref="CancelDecision.ParseExpectStatus"/>.</param>
public sealed record CancelBuild(Actor Actor, string Build, string? ExpectStatus)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.WorkspaceBuild, AuditAction.Write, 200);
}

internal sealed class CancelBuildHandler(
    BuildLookup lookup, ITemplateDirectory templates, IBuildDirectory builds, IJobQueue queue, AuditTrail audit, TimeProvider time)
    : IRequestHandler<CancelBuild, Result<Done>>
{
    public async Task<Result<Done>> Handle(CancelBuild request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error)
            || !CancelDecision.ParseExpectStatus(request.ExpectStatus).Is(out var expected, out error))
        {
            return error;
        }

        if ((await builds.ReadAsync([build.Id], cancellationToken)).GetValueOrDefault(build.Id) is not { } view)
        {
            return Error.NotFound;
        }

        audit.Changing(view);
        var template = await templates.FindAsync(build.TemplateId, cancellationToken);
        var permissions = new CancelPermissions(
            MayReadBuild: true,
            MayUpdateWorkspace: Authorizer.CanWorkspace(request.Actor, PermissionAction.Update, build.Workspace),
            TemplateAllowsCancel: template is { AllowUserCancelWorkspaceJobs: true },
            IsSiteOwner: request.Actor.HasSiteRole(RoleNames.Owner));
        if (CancelDecision.Authorize(expected, permissions) is { } refused)
        {
            return refused;
        }

        if (await queue.LockAsync(build.JobId, cancellationToken) is not { } job)
        {
            return Error.NotFound;
        }

        if (!CancelDecision.Decide(expected, job.Status, job.WorkerId is not null).Is(out var cancellation, out error))
        {
            return error;
        }

        audit.Canceled(job.Status, cancellation);
        await queue.CancelAsync(job, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
