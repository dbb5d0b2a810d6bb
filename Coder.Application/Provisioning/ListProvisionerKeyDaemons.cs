using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>The keys of an organization with the daemons that registered with them. Daemons without a key are not among them.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
[RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
public sealed record ListProvisionerKeyDaemons(Actor Actor, string Organization) : IQuery<DaemonsOfKeys>, IActorRequest;

/// <summary>Keys with their daemons at a time.</summary>
/// <param name="Keys">By name; their daemons from the oldest to the newest.</param>
/// <param name="At">The moment that decides who is offline.</param>
public sealed record DaemonsOfKeys(IReadOnlyList<(ProvisionerKey Key, IReadOnlyList<ProvisionerDaemon> Daemons)> Keys, DateTimeOffset At);

internal sealed class ListProvisionerKeyDaemonsHandler(
    OrganizationLookup organizations, IProvisionerKeyStore keys, IDaemonStore daemons, TimeProvider time)
    : IRequestHandler<ListProvisionerKeyDaemons, Result<DaemonsOfKeys>>
{
    private static readonly Dictionary<string, string> AnyTags = [];

    public async Task<Result<DaemonsOfKeys>> Handle(ListProvisionerKeyDaemons request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ProvisionerDaemon);
        if (scope.Kind == ReadScopeKind.None)
        {
            return new DaemonsOfKeys([], now);
        }

        var found = await keys.ListAsync(organization.Id, scope, cancellationToken);
        var all = await daemons.ListAsync(
            new DaemonFilter(organization.Id, [], [], AnyTags, int.MaxValue),
            scope,
            NamedTemplates.Of(request.Actor, organization.Id),
            now,
            cancellationToken);
        var ofKey = all.OrderBy(daemon => daemon.CreatedAt).ThenBy(daemon => daemon.Id).ToLookup(daemon => daemon.KeyId);
        return new DaemonsOfKeys([.. found.Select(key => (key, (IReadOnlyList<ProvisionerDaemon>)[.. ofKey[key.Id]]))], now);
    }
}
