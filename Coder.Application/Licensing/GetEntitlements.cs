using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>What the licenses give now. Answered from memory.</summary>
public sealed record GetEntitlements : IQuery<Entitlements>;

internal sealed class GetEntitlementsHandler(IEntitlementSource source) : IRequestHandler<GetEntitlements, Result<Entitlements>>
{
    public Task<Result<Entitlements>> Handle(GetEntitlements request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<Entitlements>.From(source.Current));
}
