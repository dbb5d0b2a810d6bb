using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Licensing;

/// <summary>
/// Holds the entitlements of this node. One computation runs at a time; a change that arrives meanwhile causes one more, however many
/// callers wait for it (docs/spec/licensing.md, rule 4.9).
/// </summary>
internal sealed class EntitlementCache(
    IServiceScopeFactory scopes, IFailureClassifier classifier, ILogger<EntitlementCache> logger)
    : IEntitlementSource, IEntitlementRefresher
{
    private readonly Lock _gate = new();
    private Entitlements? _current;
    private Task<Result<Done>> _running = Task.FromResult<Result<Done>>(Done.Value);
    private Task<Result<Done>>? _next;

    public Entitlements Current =>
        Volatile.Read(ref _current) ?? throw new InvalidOperationException("Entitlements are read before they were computed for the first time.");

    public Task<Result<Done>> RefreshAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            // Many callers share it, so none of them cancels it.
            return (_next ??= RunAfterAsync(_running, CancellationToken.None)).WaitAsync(ct);
        }
    }

    private async Task<Result<Done>> RunAfterAsync(Task<Result<Done>> before, CancellationToken ct)
    {
        // Leaves the lock of the caller before anything else happens.
        await Task.Yield();
        await before;
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }

        try
        {
            Volatile.Write(ref _current, await ComputeAsync(ct));
            return Done.Value;
        }
        catch (Exception e)
        {
            LicensingLog.RefreshFailed(logger, e);
            return new Error(ErrorKind.Unavailable, "Failed to compute entitlements", classifier.Classify(e)?.Message ?? "internal error");
        }
    }

    private async Task<Entitlements> ComputeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IEntitlementComputer>().ComputeAsync(ct);
    }
}
