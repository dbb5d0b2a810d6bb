using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Stores how a user wants the user interface to look.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Appearance">How.</param>
public sealed record SetAppearance(Actor Actor, string User, UserAppearance Appearance)
    : ICommand<UserAppearance>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.Write, 200);
}

internal sealed class SetAppearanceValidator : AbstractValidator<SetAppearance>
{
    public SetAppearanceValidator()
    {
        this.Field(r => r.Appearance.ThemePreference, "theme_preference")
            .Required().Tagged("max", theme => theme.Length <= UserAppearance.MaximumTheme);
        this.Field(r => r.Appearance.TerminalFont, "terminal_font").Required();
    }
}

internal sealed class SetAppearanceHandler(UserTargets targets, IAccountStore accounts) : IRequestHandler<SetAppearance, Result<UserAppearance>>
{
    private static readonly Error UnknownFont = new(ErrorKind.Invalid, "Unsupported font family.");

    public async Task<Result<UserAppearance>> Handle(SetAppearance request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockAsync(request.Actor, request.User, PermissionAction.UpdatePersonal, cancellationToken))
            .Is(out var user, out var error))
        {
            return error;
        }

        if (!UserAppearance.TerminalFonts.Contains(request.Appearance.TerminalFont, StringComparer.Ordinal))
        {
            return UnknownFont;
        }

        await accounts.SetAppearanceAsync(user.Id, request.Appearance, cancellationToken);
        return request.Appearance;
    }
}
