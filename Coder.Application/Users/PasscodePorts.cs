using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>The passcodes of accounts that are neither deleted nor of the system.</summary>
public interface IPasscodeStore
{
    /// <summary>Finds the account of an address, without regard to case.</summary>
    Task<PasscodeHolder?> FindAsync(string email, CancellationToken ct);

    /// <summary>The same, and nobody else changes the account until this transaction ends.</summary>
    Task<PasscodeHolder?> LockAsync(string email, CancellationToken ct);

    /// <summary>Stores the hash of a passcode in the place of an older one. A new password or address takes it away again.</summary>
    Task SetAsync(Guid userId, byte[] hash, DateTimeOffset end, CancellationToken ct);

    /// <summary>Puts back what a user had before a passcode was set, unless something has taken its place meanwhile.</summary>
    /// <param name="before">The account as it was.</param>
    /// <param name="hash">Of the passcode.</param>
    /// <param name="ct">Cancels the statement.</param>
    Task WithdrawAsync(PasscodeHolder before, byte[] hash, CancellationToken ct);
}

/// <summary>An account that may have a passcode.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">The user's name.</param>
/// <param name="Email">The address as it is stored.</param>
/// <param name="PasswordHash">Empty for users without a password.</param>
/// <param name="LoginType">How the user signs in.</param>
/// <param name="Status">Whether the user may.</param>
/// <param name="Hash">See <see cref="OneTimePasscode.Hash"/>; <see langword="null"/> when there is no passcode.</param>
/// <param name="End">When the passcode ends, UTC.</param>
public sealed record PasscodeHolder(
    Guid Id, string Username, string Email, string PasswordHash, LoginType LoginType, UserStatus Status, byte[]? Hash, DateTimeOffset? End)
{
    /// <summary>Whether a new password would be of any use.</summary>
    public bool MayChoosePassword => LoginType == LoginType.Password && Status != UserStatus.Suspended;
}

/// <summary>Takes passcodes to their users. Nothing of a message is ever logged.</summary>
public interface IPasscodeDelivery
{
    /// <summary>Hands a message on.</summary>
    Task DeliverAsync(PasscodeMessage message, CancellationToken ct);
}

/// <summary>What a user is told.</summary>
/// <param name="Email">Where the message goes.</param>
/// <param name="Username">The user's name.</param>
/// <param name="Passcode">The secret.</param>
/// <param name="SentAt">UTC.</param>
/// <param name="End">Until when the passcode can be used, UTC.</param>
public sealed record PasscodeMessage(string Email, string Username, string Passcode, DateTimeOffset SentAt, DateTimeOffset End)
{
    /// <summary>Does not print the passcode.</summary>
    public override string ToString() => $"{nameof(PasscodeMessage)} {{ {nameof(Username)} = {Username} }}";
}
