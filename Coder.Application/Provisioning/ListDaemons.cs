using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Which of the daemons or jobs of an organization are asked for, as the query was read.</summary>
/// <param name="Limit">0: 50; never more than 1,000.</param>
/// <param name="Ids">Empty: all.</param>
/// <param name="Statuses">Empty: all.</param>
/// <param name="Tags">Empty: all.</param>
public sealed record ProvisionerQuery(
    int Limit, IReadOnlyList<Guid> Ids, IReadOnlyList<string> Statuses, IReadOnlyDictionary<string, string> Tags)
{
    private const int UsualLimit = 50;
    private const int MaximumLimit = 1000;

    /// <summary>The limit that counts.</summary>
    public int EffectiveLimit => Limit == 0 ? UsualLimit : Math.Min(Limit, MaximumLimit);
}

/// <summary>The daemons of an organization that the caller may see, the one that was seen last first.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Query">Which of them.</param>
public sealed record ListDaemons(Actor Actor, string Organization, ProvisionerQuery Query) : IQuery<DaemonList>, IActorRequest;

/// <summary>Daemons at a time.</summary>
public sealed record DaemonList(IReadOnlyList<ProvisionerDaemon> Daemons, DateTimeOffset At);

internal sealed class ListDaemonsHandler(OrganizationLookup organizations, IDaemonStore daemons, TimeProvider time)
    : IRequestHandler<ListDaemons, Result<DaemonList>>
{
    public async Task<Result<DaemonList>> Handle(ListDaemons request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var query = request.Query;
        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ProvisionerDaemon);
        return scope.Kind == ReadScopeKind.None
            ? new DaemonList([], now)
            : new DaemonList(
                await daemons.ListAsync(
                    new DaemonFilter(organization.Id, query.Ids, query.Statuses, query.Tags, query.EffectiveLimit),
                    scope,
                    NamedTemplates.Of(request.Actor, organization.Id),
                    now,
                    cancellationToken),
                now);
    }
}

/// <summary>Templates whose names are shown with the jobs of daemons.</summary>
internal static class NamedTemplates
{
    /// <summary>Who sees the jobs of the organization sees there what they are about; others need to see the template itself.</summary>
    public static ReadScope Of(Actor actor, Guid organization) =>
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.In(organization, ResourceType.ProvisionerJobs))
            ? ReadScope.All
            : Authorizer.ReadScope(actor, ResourceType.Template);
}
