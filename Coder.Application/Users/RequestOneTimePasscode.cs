using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>
/// Asks for a one-time passcode (docs/spec/platform.md, section 8.1). The answer is the same, at the same time, whether or not there is
/// such an account: <see cref="IssueOneTimePasscode"/> finds that out afterwards.
/// </summary>
/// <param name="Email">Compared without regard to case.</param>
public sealed record RequestOneTimePasscode(string Email) : ICommand<Done>;

internal sealed class RequestOneTimePasscodeValidator : AbstractValidator<RequestOneTimePasscode>
{
    public RequestOneTimePasscodeValidator() => this.Field(r => r.Email, "email").Required().Tagged("email", NameRules.IsEmail);
}

internal sealed class RequestOneTimePasscodeHandler(PasscodeRequests requests, IRequestOrigin origin, SessionOptions options)
    : IRequestHandler<RequestOneTimePasscode, Result<Done>>
{
    private static readonly Error Overloaded = new(ErrorKind.Unavailable, "The service is temporarily unavailable.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public Task<Result<Done>> Handle(RequestOneTimePasscode request, CancellationToken cancellationToken)
    {
        if (options.DisablePasswordAuth)
        {
            return Task.FromResult<Result<Done>>(LogInHandler.Disabled);
        }

        var isAdded = requests.TryAdd(new PasscodeRequest(request.Email, KnownOrigin.Of(origin)));
        return Task.FromResult<Result<Done>>(isAdded ? Done.Value : Overloaded);
    }
}
