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
        var end = now + OneTimePasscode.Lifetime;
        await passcodes.SetAsync(holder.Id, OneTimePasscode.Hash(passcode), end, cancellationToken);
        afterCommit.Do(async ct =>
        {
            await delivery.DeliverAsync(new PasscodeMessage(holder.Email, holder.Username, passcode, now, end), ct);
            return Done.Value;
        });
        return Done.Value;
    }
}
