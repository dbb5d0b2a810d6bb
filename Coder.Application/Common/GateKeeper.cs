using Coder.Application.Licensing;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Application.Common;

/// <summary>The decision behind <see cref="RequiresFeatureAttribute"/> and <see cref="RequiresPermissionAttribute"/>, for all callers.</summary>
public sealed class GateKeeper(IEntitlementSource entitlements)
{
    /// <summary>Judges both gates; the feature comes first (docs/spec/platform.md, section 4 rule 12).</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public Error? Judge(Actor actor, RequiresFeatureAttribute? feature, RequiresPermissionAttribute? permission)
    {
        if (feature is not null && !entitlements.Current.IsEnabled(feature.Feature))
        {
            return new Error(ErrorKind.Forbidden, $"{feature.Feature.DisplayName()} is a Premium feature. Contact sales!");
        }

        return permission is null || permission.Allows(actor) ? null : Error.Forbidden;
    }
}
