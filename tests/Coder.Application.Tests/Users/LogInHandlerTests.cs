using System.Data;
using System.Security.Cryptography;
using System.Text;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Application.Tests.Users;

public sealed class LogInHandlerTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Guid UserId = Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001");
    private static readonly ApiKeyToken Token = new("0123456789", "0123456789012345678901");
    private static readonly LoginCandidate Active = new(UserId, "the hash", LoginType.Password, UserStatus.Active);

    private readonly IUserStore _users = Substitute.For<IUserStore>();
    private readonly IApiKeyStore _keys = Substitute.For<IApiKeyStore>();
    private readonly IPasswordHasher _passwords = Substitute.For<IPasswordHasher>();
    private readonly ILoginAttempts _attempts = Substitute.For<ILoginAttempts>();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_session_is_stored_with_the_hash_of_its_secret_and_its_duration()
    {
        Finds(Active, PasswordVerdict.Right);

        var result = await HandleAsync();

        result.Should().Be(Result<ApiKeyToken>.From(Token));
        var secret = SHA256.HashData(Encoding.ASCII.GetBytes(Token.Secret));
        await _keys.Received(1).AddAsync(
            Arg.Is<NewApiKey>(k => k.Id == Token.Id && k.HashedSecret.SequenceEqual(secret) && k.UserId == UserId
                && k.IpAddress == "192.0.2.1" && k.LoginType == LoginType.Password && k.Lifetime == TimeSpan.FromHours(2) && k.CreatedAt == _time.GetUtcNow()),
            Ct);
        await _users.DidNotReceiveWithAnyArgs().ActivateDormantAsync(UserId, default, Ct);
        await _users.DidNotReceiveWithAnyArgs().SetPasswordHashAsync(UserId, "", Ct);
    }

    [Fact]
    public async Task For_an_unknown_address_the_same_work_is_done_and_nobody_gets_in()
    {
        Finds(null, PasswordVerdict.Right);

        var result = await HandleAsync();

        result.Error!.Message.Should().Be("Incorrect email or password.");
        await _passwords.Received(1).VerifyAsync("tomato", null, Ct);
        _keys.ReceivedCalls().Should().BeEmpty();
    }

    [Fact]
    public async Task A_user_without_a_password_is_verified_against_nothing()
    {
        Finds(Active with { PasswordHash = "" }, PasswordVerdict.Wrong);

        var result = await HandleAsync();

        result.Error!.Kind.Should().Be(ErrorKind.Unauthenticated);
        await _passwords.Received(1).VerifyAsync("tomato", null, Ct);
    }

    [Fact]
    public async Task A_dormant_user_is_activated_with_the_new_session()
    {
        Finds(Active with { Status = UserStatus.Dormant }, PasswordVerdict.Right);

        await HandleAsync();

        await _users.Received(1).ActivateDormantAsync(UserId, _time.GetUtcNow(), Ct);
    }

    [Theory]
    [InlineData("another hash", UserStatus.Active, "Incorrect email or password.")]
    [InlineData("the hash", UserStatus.Suspended, "Your account is suspended. Contact an admin to reactivate your account.")]
    [InlineData(null, UserStatus.Active, "Incorrect email or password.")]
    public async Task What_changed_while_the_password_was_compared_counts(string? hash, UserStatus status, string message)
    {
        Finds(Active, PasswordVerdict.RightAndOutdated);
        _passwords.HashAsync("tomato", Ct).Returns(Result<string>.From("a new hash"));
        _users.LockForLoginAsync(UserId, Ct).Returns(
            hash is null ? null : new LockedLogin(Active with { PasswordHash = hash, Status = status }, "olga"));

        var result = await HandleAsync();

        result.Error!.Message.Should().Be(message);
        _keys.ReceivedCalls().Should().BeEmpty();
        await _users.DidNotReceiveWithAnyArgs().SetPasswordHashAsync(UserId, "", Ct);
    }

    [Fact]
    public async Task An_outdated_hash_is_replaced()
    {
        Finds(Active, PasswordVerdict.RightAndOutdated);
        _passwords.HashAsync("tomato", Ct).Returns(Result<string>.From("a new hash"));

        await HandleAsync();

        await _users.Received(1).SetPasswordHashAsync(UserId, "a new hash", Ct);
    }

    [Fact]
    public async Task A_refused_user_gets_neither_a_session_nor_a_new_hash()
    {
        Finds(Active with { Status = UserStatus.Suspended }, PasswordVerdict.RightAndOutdated);

        var result = await HandleAsync();

        result.Error!.Kind.Should().Be(ErrorKind.Unauthenticated);
        await _passwords.DidNotReceiveWithAnyArgs().HashAsync("", Ct);
        _keys.ReceivedCalls().Should().BeEmpty();
    }

    [Fact]
    public async Task An_overloaded_hasher_is_the_answer()
    {
        var overloaded = new Error(ErrorKind.Unavailable, "Later.");
        _users.FindForLoginAsync("olga@example.com", Ct).Returns(Active);
        _passwords.VerifyAsync("tomato", "the hash", Ct).Returns(Result<PasswordVerdict>.From(overloaded));

        var result = await HandleAsync();

        result.Error.Should().Be(overloaded);
        _keys.ReceivedCalls().Should().BeEmpty();
    }

    [Theory]
    [InlineData(PasswordVerdict.Right, true)]
    [InlineData(PasswordVerdict.RightAndOutdated, true)]
    [InlineData(PasswordVerdict.Wrong, false)]
    public async Task Each_attempt_is_counted_with_its_verdict(PasswordVerdict verdict, bool isRight)
    {
        Finds(Active, verdict);
        _passwords.HashAsync("tomato", Ct).Returns(Result<string>.From("a new hash"));

        await HandleAsync();

        _attempts.Received(1).Begin("olga@example.com", _time.GetUtcNow());
        _attempts.Received(1).End("olga@example.com", isRight, _time.GetUtcNow());
    }

    [Fact]
    public async Task An_attempt_that_was_not_judged_is_ended_without_a_verdict()
    {
        _users.FindForLoginAsync("olga@example.com", Ct).Returns(Active);
        _passwords.VerifyAsync("tomato", "the hash", Ct).Returns(Result<PasswordVerdict>.From(new Error(ErrorKind.Unavailable, "Later.")));

        await HandleAsync();

        _attempts.Received(1).End("olga@example.com", null, _time.GetUtcNow());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_an_account_has_to_wait_no_password_is_compared_whether_or_not_there_is_one(bool exists)
    {
        Finds(exists ? Active : null, PasswordVerdict.Right);
        _attempts.Begin("", default).ReturnsForAnyArgs(TimeSpan.FromSeconds(8));

        var result = await HandleAsync();

        result.Error.Should().BeEquivalentTo(new
        {
            Kind = ErrorKind.TooManyRequests,
            Message = "Too many failed attempts to sign in. Wait a moment before you try again.",
            RetryAfter = TimeSpan.FromSeconds(8),
        });
        _passwords.ReceivedCalls().Should().BeEmpty();
        _attempts.DidNotReceiveWithAnyArgs().End("", null, default);
    }

    [Fact]
    public async Task A_session_of_the_account_lets_its_owner_try_and_changes_nothing_for_others()
    {
        Finds(Active, PasswordVerdict.Right);
        FindsSessionOf(UserId);
        _attempts.Begin("", default).ReturnsForAnyArgs(TimeSpan.FromSeconds(8));

        var result = await HandleAsync(Token.Reveal());

        result.Should().Be(Result<ApiKeyToken>.From(Token));
        _attempts.DidNotReceiveWithAnyArgs().End("", null, default);
    }

    [Theory]
    [InlineData("another user")]
    [InlineData("nonsense")]
    public async Task A_session_of_somebody_else_does_not_help(string whose)
    {
        Finds(Active, PasswordVerdict.Right);
        FindsSessionOf(Guid.Parse("0b3a4f0e-0000-4000-8000-000000000002"));
        _attempts.Begin("", default).ReturnsForAnyArgs(TimeSpan.FromSeconds(8));

        var result = await HandleAsync(whose == "nonsense" ? whose : Token.Reveal());

        result.Error!.Kind.Should().Be(ErrorKind.TooManyRequests);
    }

    private void FindsSessionOf(Guid user) => _keys.FindSessionAsync(Token.Id, Ct).Returns(new SessionRecord
    {
        KeyId = Token.Id,
        HashedSecret = SHA256.HashData(Encoding.ASCII.GetBytes(Token.Secret)),
        ExpiresAt = _time.GetUtcNow().AddHours(1),
        LastUsed = _time.GetUtcNow(),
        Lifetime = TimeSpan.FromHours(2),
        Scope = KeyScope.All,
        User = Accounts.Olga(user),
        Organizations = [],
        Groups = [],
        CustomRoles = [],
    });

    private void Finds(LoginCandidate? user, PasswordVerdict verdict)
    {
        _users.FindForLoginAsync("olga@example.com", Ct).Returns(user);
        _users.LockForLoginAsync(UserId, Ct).Returns(user is null ? null : new LockedLogin(user, "olga"));
        _passwords.VerifyAsync("", null, Ct).ReturnsForAnyArgs(Result<PasswordVerdict>.From(verdict));
    }

    private Task<Result<ApiKeyToken>> HandleAsync(string? knownSession = null)
    {
        var generator = Substitute.For<IApiKeyGenerator>();
        generator.New().Returns(Token);
        var options = new SessionOptions(TimeSpan.FromHours(2), DisableExpiryRefresh: false, DisablePasswordAuth: false);
        var sessions = new SessionAuthenticator(_keys, Substitute.For<ISessionActivity>(), options, AuthorizationOptions.Default, _time);
        return new LogInHandler(_users, _keys, generator, _passwords, _attempts, sessions, new Directly(), options, _time, Silent.AuditTrail())
            .Handle(new LogIn("olga@example.com", "tomato", "192.0.2.1", knownSession), Ct);
    }

    private sealed class Directly : IUnitOfWork
    {
        public Task<TOutcome> RunAsync<TOutcome>(
            IsolationLevel isolation, Func<CancellationToken, Task<TOutcome>> work, CancellationToken ct)
            where TOutcome : IOutcome<TOutcome> => work(ct);
    }
}
