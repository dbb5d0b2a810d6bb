using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Application.Licensing;

/// <summary>What the licenses of this deployment give at this moment. Reading it costs a memory access; it is never computed for a request.</summary>
public interface IEntitlementSource
{
    /// <summary>The newest document. It is immutable and replaced as a whole.</summary>
    Entitlements Current { get; }
}

/// <summary>Computes the entitlements anew (docs/spec/licensing.md, rule 4.9).</summary>
public interface IEntitlementRefresher
{
    /// <summary>
    /// Returns once a computation that began after this call is in force. One runs at a time on a node; callers that arrive meanwhile
    /// share the next one. On failure the last document stays in force.
    /// </summary>
    Task<Result<Done>> RefreshAsync(CancellationToken ct);
}

/// <summary>Computes entitlements from what the database holds as this scope sees it, its open transaction included.</summary>
public interface IEntitlementComputer
{
    /// <summary>Computes; nothing is put in force.</summary>
    Task<Entitlements> ComputeAsync(CancellationToken ct);

    /// <summary>Whether the licenses give a feature, whatever is used; a failure to count usage can not get in the way.</summary>
    Task<bool> IsLicensedAsync(FeatureName feature, CancellationToken ct);
}

internal static class EntitlementRefresherExtensions
{
    /// <summary>Refreshes because the licenses have changed; a failure has the text that docs/spec/licensing.md, section 6 gives it.</summary>
    public static async Task<Result<Done>> UpdateAsync(this IEntitlementRefresher refresher, CancellationToken ct) =>
        (await refresher.RefreshAsync(ct)).Error is { } error
            ? error with { Kind = ErrorKind.Internal, Message = "Failed to update entitlements" }
            : Done.Value;
}
