using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Ends a membership. What the user owns in the organization stays, out of the user's reach.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="User">
/// An id, a username without regard to case, or <c>me</c>. Whoever is no member is 404, like one who may not be seen.
/// </param>
public sealed record RemoveOrganizationMember(Actor Actor, string Organization, string User)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.OrganizationMember, AuditAction.Delete, 204);
}

internal sealed class RemoveOrganizationMemberHandler(OrganizationLookup lookup, IOrganizationMemberStore members, AuditTrail audit)
    : IRequestHandler<RemoveOrganizationMember, Result<Done>>
{
    private const string Me = "me";

    private static readonly Error Self = new(ErrorKind.Invalid, "cannot remove self from an organization");

    public async Task<Result<Done>> Handle(RemoveOrganizationMember request, CancellationToken cancellationToken)
    {
        var actor = request.Actor;
        if (!(await lookup.FindAsync(actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var isId = Guid.TryParseExact(request.User, "D", out var id);
        var found = isId || request.User == Me
            ? await members.FindAsync(organization.Id, isId ? id : actor.UserId, cancellationToken)
            : await members.FindByNameAsync(organization.Id, request.User, cancellationToken);
        if (found is not { Membership: { UserId: var user } membership }
            || !Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OrganizationMember(organization.Id, user)))
        {
            return Error.NotFound;
        }

        audit.About(user, found.Username, organization.Id);
        if (user == actor.UserId)
        {
            return Self;
        }

        if (!Authorizer.Can(actor, PermissionAction.Delete, ObjectRef.OrganizationMember(organization.Id, user)))
        {
            return Error.Forbidden;
        }

        if (!await members.RemoveAsync(organization.Id, user, cancellationToken))
        {
            return Error.NotFound;
        }

        audit.Changed(OrganizationAudit.Snapshot(membership, found.Username), null);
        return Done.Value;
    }
}
