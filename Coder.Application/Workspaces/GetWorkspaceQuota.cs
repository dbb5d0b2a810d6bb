using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>What a user spends on workspaces in an organization (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record GetWorkspaceQuota(Actor Actor, string Organization, string User) : IQuery<WorkspaceQuota>, IActorRequest;

internal sealed class GetWorkspaceQuotaHandler(
    OrganizationLookup organizations, UserLookup users, IWorkspaceQuotas quotas, IEntitlementSource entitlements)
    : IRequestHandler<GetWorkspaceQuota, Result<WorkspaceQuota>>
{
    private const long Unlimited = -1;

    public async Task<Result<WorkspaceQuota>> Handle(GetWorkspaceQuota request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out error))
        {
            return error;
        }

        var quota = await quotas.ReadAsync(organization.Id, user.Id, cancellationToken);
        return entitlements.Current.IsEnabled(FeatureName.TemplateRbac) ? quota : quota with { Budget = Unlimited };
    }
}
