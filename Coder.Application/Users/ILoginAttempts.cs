namespace Coder.Application.Users;

/// <summary>
/// Remembers failed passwords by address, whether or not there is such an account, and says who has to wait
/// (<see cref="Domain.Users.LoginThrottle"/>). Each server has a memory of its own.
/// </summary>
public interface ILoginAttempts
{
    /// <summary>Asks for an attempt. One that is allowed must be ended with <see cref="End"/>.</summary>
    /// <param name="email">The address; its case does not matter.</param>
    /// <param name="now">UTC.</param>
    /// <returns>How long to wait instead, or <see langword="null"/> to go on.</returns>
    TimeSpan? Begin(string email, DateTimeOffset now);

    /// <summary>Ends an attempt.</summary>
    /// <param name="email">As in <see cref="Begin"/>.</param>
    /// <param name="isRight">Whether the password was the right one; <see langword="null"/> when nobody knows.</param>
    /// <param name="now">UTC.</param>
    void End(string email, bool? isRight, DateTimeOffset now);
}
