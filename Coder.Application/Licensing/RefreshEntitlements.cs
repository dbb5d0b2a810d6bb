using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>Computes the entitlements anew on all nodes, at most once a minute (docs/spec/licensing.md, section 5).</summary>
[RequiresPermission(ResourceType.License, PermissionAction.Create)]
public sealed record RefreshEntitlements(Actor Actor) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class RefreshEntitlementsHandler(
    IEntitlementSource source, IEntitlementRefresher entitlements, INotifier notifier, IAfterCommit afterCommit, TimeProvider time)
    : IRequestHandler<RefreshEntitlements, Result<Done>>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public async Task<Result<Done>> Handle(RefreshEntitlements request, CancellationToken cancellationToken)
    {
        var wait = source.Current.RefreshedAt + Pause - time.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            var seconds = (long)Math.Ceiling(wait.TotalSeconds);
            return new Error(
                ErrorKind.Invalid, $"Entitlements already recently refreshed, please wait {seconds} seconds to force a new refresh")
            {
                RetryAfter = wait,
            };
        }

        await notifier.NotifyAsync(NotificationChannels.Licenses, "refresh", cancellationToken);
        afterCommit.Do(async ct => (await entitlements.RefreshAsync(ct)).Error is { } error
            ? error with { Kind = ErrorKind.Internal, Message = "Failed to refresh entitlements" }
            : Done.Value);
        return Done.Value;
    }
}
