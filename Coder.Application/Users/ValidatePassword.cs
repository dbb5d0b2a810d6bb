using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Judges a password before it is chosen. It is not kept anywhere.</summary>
public sealed record ValidatePassword(string Password) : IQuery<PasswordJudgement>
{
    /// <summary>Does not print the password.</summary>
    public override string ToString() => nameof(ValidatePassword);
}

/// <summary>What is wrong with a password.</summary>
/// <param name="Weakness">In words for its owner, or <see langword="null"/> when it is strong enough.</param>
public sealed record PasswordJudgement(string? Weakness);

internal sealed class ValidatePasswordValidator : AbstractValidator<ValidatePassword>
{
    public ValidatePasswordValidator() => this.Field(r => r.Password, "password").Required().IsSecret();
}

internal sealed class ValidatePasswordHandler : IRequestHandler<ValidatePassword, Result<PasswordJudgement>>
{
    public Task<Result<PasswordJudgement>> Handle(ValidatePassword request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<PasswordJudgement>.From(new PasswordJudgement(PasswordStrength.Judge(request.Password))));
}
