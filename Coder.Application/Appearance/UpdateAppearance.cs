using Coder.Application.Common;
using Coder.Domain.Appearance;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Appearance;

/// <summary>Replaces how the dashboard looks. It is kept without a license too, and shown with one.</summary>
public sealed record UpdateAppearance(Actor Actor, AppearanceSettings Settings) : ICommand<AppearanceSettings>, ITransactional, IActorRequest;

internal sealed class UpdateAppearanceHandler(
    IAppearanceStore store, IAppearanceSource source, INotifier notifier, IAfterCommit afterCommit)
    : IRequestHandler<UpdateAppearance, Result<AppearanceSettings>>
{
    private static readonly Error NotAllowed = new(ErrorKind.Forbidden, "Insufficient permissions to update appearance");

    public async Task<Result<AppearanceSettings>> Handle(UpdateAppearance request, CancellationToken cancellationToken)
    {
        if (request.Settings.Banners.FirstOrDefault(b => !b.HasUsableColor) is { } banner)
        {
            return new Error(ErrorKind.Invalid, $"Invalid color format: \"{banner.BackgroundColor}\"");
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, new ObjectRef(ResourceType.DeploymentConfig)))
        {
            return NotAllowed;
        }

        await store.WriteAsync(request.Settings, cancellationToken);
        await notifier.NotifyAsync(NotificationChannels.Appearance, "update", cancellationToken);
        afterCommit.Do(source.ReloadAsync);
        return request.Settings;
    }
}
