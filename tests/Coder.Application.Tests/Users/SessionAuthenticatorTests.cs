using System.Security.Cryptography;
using System.Text;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Application.Tests.Users;

public sealed class SessionAuthenticatorTests
{
    private const string Secret = "0123456789012345678901";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid UserId = Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001");

    private readonly IApiKeyStore _keys = Substitute.For<IApiKeyStore>();
    private readonly ISessionActivity _activity = Substitute.For<ISessionActivity>();

    [Fact]
    public async Task A_good_credential_is_read_once_and_makes_an_actor()
    {
        Finds(Good);

        var outcome = await AuthenticateAsync($"KeyOfUser1-{Secret}");

        outcome.Error.Should().BeNull();
        outcome.Session!.KeyId.Should().Be("KeyOfUser1");
        outcome.Session.Actor.UserId.Should().Be(UserId);
        _keys.ReceivedCalls().Should().ContainSingle();
    }

    [Fact]
    public async Task A_malformed_credential_never_reaches_the_database()
    {
        var outcome = await AuthenticateAsync("nonsense");

        outcome.Problem.Should().Be(CredentialProblem.Invalid);
        _keys.ReceivedCalls().Should().BeEmpty();
    }

    [Fact]
    public async Task A_wrong_secret_of_an_expired_key_of_a_suspended_user_is_told_nothing_about_either()
    {
        Finds(Good with { ExpiresAt = Now.AddDays(-1), User = Accounts.Olga(UserId, UserStatus.Suspended) });

        var outcome = await AuthenticateAsync("KeyOfUser1-aaaaaaaaaaaaaaaaaaaaaa");

        outcome.Problem.Should().Be(CredentialProblem.Invalid);
        outcome.Error!.Detail.Should().Be("API key is invalid.");
    }

    [Theory]
    [InlineData(0, 24 * 60, null, false)]
    [InlineData(59, 24 * 60 - 59, null, false)]
    [InlineData(60, 23 * 60 + 1, null, false)]
    [InlineData(61, 23 * 60 + 1, null, true)]
    [InlineData(30, 23 * 60, 24 * 60, true)]
    [InlineData(0, 1, 24 * 60, true)]
    public async Task A_use_is_noted_more_than_an_hour_after_the_last_or_when_the_expiry_is_an_hour_off(
        int minutesSinceUse, int minutesToExpiry, int? newExpiry, bool isNoted)
    {
        Finds(Good with { LastUsed = Now.AddMinutes(-minutesSinceUse), ExpiresAt = Now.AddMinutes(minutesToExpiry) });

        await AuthenticateAsync($"KeyOfUser1-{Secret}");

        var expected = new SessionUse("KeyOfUser1", UserId, "192.0.2.1", Now, newExpiry is { } minutes ? Now.AddMinutes(minutes) : null);
        _activity.Received(isNoted ? 1 : 0).Record(expected);
        _activity.ReceivedCalls().Should().HaveCount(isNoted ? 1 : 0);
    }

    [Fact]
    public async Task Every_use_by_a_dormant_user_is_noted()
    {
        Finds(Good with { User = Accounts.Olga(UserId, UserStatus.Dormant) });

        var outcome = await AuthenticateAsync($"KeyOfUser1-{Secret}");

        outcome.Session.Should().NotBeNull();
        _activity.Received(1).Record(new SessionUse("KeyOfUser1", UserId, "192.0.2.1", Now, null));
    }

    [Fact]
    public async Task Where_refreshing_is_disabled_no_use_moves_the_expiry()
    {
        Finds(Good with { LastUsed = Now.AddHours(-2), ExpiresAt = Now.AddMinutes(1) });

        await AuthenticateAsync($"KeyOfUser1-{Secret}", isRefreshDisabled: true);

        _activity.Received(1).Record(new SessionUse("KeyOfUser1", UserId, "192.0.2.1", Now, null));
    }

    private static SessionRecord Good => new()
    {
        KeyId = "KeyOfUser1",
        HashedSecret = SHA256.HashData(Encoding.ASCII.GetBytes(Secret)),
        ExpiresAt = Now.AddHours(24),
        LastUsed = Now,
        Lifetime = TimeSpan.FromHours(24),
        Scope = KeyScope.All,
        User = Accounts.Olga(UserId),
        Organizations = [],
        Groups = [],
        CustomRoles = [],
    };

    private void Finds(SessionRecord record) => _keys.FindSessionAsync("KeyOfUser1", Ct).Returns(record);

    private Task<AuthenticationOutcome> AuthenticateAsync(string credential, bool isRefreshDisabled = false) =>
        new SessionAuthenticator(
            _keys,
            _activity,
            new SessionOptions(TimeSpan.FromHours(24), isRefreshDisabled, DisablePasswordAuth: false),
            AuthorizationOptions.Default,
            new FakeTimeProvider(Now)).AuthenticateAsync(credential, "192.0.2.1", Ct);
}
