using System.ComponentModel.DataAnnotations;

namespace Coder.Api.Users;

/// <summary>Asks for a one-time passcode.</summary>
/// <param name="Email">The address of the account, without regard to case.</param>
public sealed record RequestOneTimePasscodeRequestJson([property: Required, EmailAddress] string? Email);

/// <summary>Sets a new password with a one-time passcode.</summary>
/// <param name="Email">The address of the account, without regard to case.</param>
/// <param name="OneTimePasscode">What was sent to that address.</param>
/// <param name="Password">At least 52 bits of entropy, at most 64 bytes.</param>
public sealed record ChangePasswordWithOneTimePasscodeRequestJson(
    [property: Required, EmailAddress] string? Email, [property: Required] string? OneTimePasscode, [property: Required] string? Password);
