using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Users;

/// <summary>How long tokens may live (docs/spec/platform.md, sections 5.3 and 8.3).</summary>
/// <param name="Default">Of a token whose lifetime nobody named.</param>
/// <param name="Maximum">Of any user's tokens.</param>
/// <param name="OwnerMaximum">Of the tokens of users with the owner role; not of service accounts, which nobody renews by hand.</param>
public sealed record TokenLifetimes(TimeSpan Default, TimeSpan Maximum, TimeSpan OwnerMaximum)
{
    private const string Refused = "Failed to validate create API key request.";

    /// <summary>A week; a hundred years; a week.</summary>
    public static TokenLifetimes BuiltIn { get; } = new(TimeSpan.FromHours(168), TimeSpan.FromHours(876_600), TimeSpan.FromHours(168));

    /// <summary>The most that a token of a user may live.</summary>
    /// <param name="siteRoles">The site roles of the token's user.</param>
    /// <param name="isServiceAccount">Whether that user is a machine.</param>
    public TimeSpan MaximumFor(IReadOnlyCollection<string> siteRoles, bool isServiceAccount)
    {
        ArgumentNullException.ThrowIfNull(siteRoles);
        return siteRoles.Contains(RoleNames.Owner, StringComparer.Ordinal) && !isServiceAccount ? OwnerMaximum : Maximum;
    }

    /// <summary>Decides how long a new token lives.</summary>
    /// <param name="wanted">
    /// What was asked for. <see langword="null"/>, and zero, which clients in Go send for what they do not set, mean the default, cut to the
    /// maximum.
    /// </param>
    /// <param name="siteRoles">The site roles of the token's user.</param>
    /// <param name="isServiceAccount">Whether that user is a machine.</param>
    public Result<TimeSpan> Judge(TimeSpan? wanted, IReadOnlyCollection<string> siteRoles, bool isServiceAccount)
    {
        var maximum = MaximumFor(siteRoles, isServiceAccount);
        if (wanted is not { } lifetime || lifetime == TimeSpan.Zero)
        {
            return Default < maximum ? Default : maximum;
        }

        if (lifetime < TimeSpan.Zero)
        {
            return new Error(ErrorKind.Invalid, Refused, "lifetime must be positive number greater than 0");
        }

        return lifetime > maximum
            ? new Error(ErrorKind.Invalid, Refused, $"lifetime must be less than {GoDuration.Format(maximum)}")
            : lifetime;
    }
}
