using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Makes a passcode for whoever has an address and sends it there, after the request for it was answered.</summary>
/// <param name="Request">What was asked for.</param>
public sealed record IssueOneTimePasscode(PasscodeRequest Request) : ICommand<Done>, ITransactional, IAudited
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.User, AuditAction.RequestPasswordReset, 204);
}

internal sealed class IssueOneTimePasscodeHandler(
    IPasscodeStore passcodes,
    IPasscodeDelivery delivery,
    IApiKeyGenerator generator,
    IAfterCommit afterCommit,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<IssueOneTimePasscode, Result<Done>>
{
    public async Task<Result<Done>> Handle(IssueOneTimePasscode request, CancellationToken cancellationToken)
    {
        if (await passcodes.LockAsync(request.Request.Email, cancellationToken) is not { } holder)
        {
            audit.Skip();
            return Done.Value;
        }

        audit.About(holder.Id, holder.Username).By(holder.Id).From(request.Request.Origin);
        if (!holder.MayChoosePassword)
        {
            return Error.Forbidden;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        if (!OneTimePasscode.MayIssue(holder.End, now))
        {
            audit.Skip();
            return Done.Value;
        }

        var passcode = generator.New().Secret;
        var message = new PasscodeMessage(holder.Email, holder.Username, passcode, now, now + OneTimePasscode.Lifetime);
        await passcodes.SetAsync(holder.Id, OneTimePasscode.Hash(passcode), message.End, cancellationToken);
        afterCommit.Do(ct => DeliverAsync(holder, message, ct));
        return Done.Value;
    }

    private async Task<Result<Done>> DeliverAsync(PasscodeHolder holder, PasscodeMessage message, CancellationToken ct)
    {
        try
        {
            await delivery.DeliverAsync(message, ct);
            return Done.Value;
        }
        catch
        {
            // Nobody will ever know it, and it must not keep the next one waiting.
            await passcodes.WithdrawAsync(holder, OneTimePasscode.Hash(message.Passcode), CancellationToken.None);
            throw;
        }
    }
}
