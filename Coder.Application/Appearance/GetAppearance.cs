using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Appearance;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.Appearance;

/// <summary>How the dashboard looks; as the product comes, while the feature <c>appearance</c> is not licensed.</summary>
public sealed record GetAppearance : IQuery<AppearanceSettings>;

internal sealed class GetAppearanceHandler(IAppearanceSource source, IEntitlementSource entitlements)
    : IRequestHandler<GetAppearance, Result<AppearanceSettings>>
{
    public Task<Result<AppearanceSettings>> Handle(GetAppearance request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<AppearanceSettings>>(
            entitlements.Current.IsEnabled(FeatureName.Appearance) ? source.Current : AppearanceSettings.Default);
}
