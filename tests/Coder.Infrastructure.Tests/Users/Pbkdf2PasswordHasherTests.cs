using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Infrastructure.Users;

namespace Coder.Infrastructure.Tests.Users;

public sealed class Pbkdf2PasswordHasherTests : IDisposable
{
    /// <summary>The known vector of docs/spec/platform.md, section 5.4.</summary>
    private const string HashOfTomato =
        "$pbkdf2-sha256$65535$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0oG0PmJ0Je+y7ENOVlSkn/b0BEqqdKsq6Y97wQBq0xT+lD5bWJpyIKJqQICuPZcEaGDKrXJn8+SIHRg";

    private const int FewRounds = 1000;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly Pbkdf2PasswordHasher _hasher = new();
    private readonly Pbkdf2PasswordHasher _quick = new(FewRounds);

    public void Dispose()
    {
        _hasher.Dispose();
        _quick.Dispose();
    }

    [Theory]
    [InlineData("tomato", PasswordVerdict.Right)]
    [InlineData("Tomato", PasswordVerdict.Wrong)]
    [InlineData("tomato ", PasswordVerdict.Wrong)]
    [InlineData("", PasswordVerdict.Wrong)]
    public async Task The_known_vector_is_the_hash_of_its_password_and_of_no_other(string password, object verdict) =>
        (await VerifyAsync(_hasher, password, HashOfTomato)).Should().Be((PasswordVerdict)verdict);

    [Fact]
    public async Task A_new_hash_has_the_documented_form_and_its_own_salt()
    {
        var one = await HashAsync(_hasher, "tomato");
        var two = await HashAsync(_hasher, "tomato");

        one.Should().MatchRegex(@"^\$pbkdf2-sha256\$65535\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{86}$");
        two.Should().NotBe(one);
        (await VerifyAsync(_hasher, "tomato", one)).Should().Be(PasswordVerdict.Right);
        (await VerifyAsync(_hasher, "potato", one)).Should().Be(PasswordVerdict.Wrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pässwörd 🍅")]
    [InlineData("a\0b")]
    public async Task Any_text_can_be_a_password(string password)
    {
        var hash = await HashAsync(_quick, password);

        (await VerifyAsync(_quick, password, hash)).Should().Be(PasswordVerdict.Right);
        (await VerifyAsync(_quick, password + "x", hash)).Should().Be(PasswordVerdict.Wrong);
    }

    [Theory]
    [InlineData(FewRounds - 1, PasswordVerdict.RightAndOutdated)]
    [InlineData(FewRounds, PasswordVerdict.Right)]
    [InlineData(FewRounds + 1, PasswordVerdict.Right)]
    [InlineData(1, PasswordVerdict.RightAndOutdated)]
    public async Task Any_number_of_rounds_is_read_and_fewer_than_are_in_force_are_outdated(int rounds, object verdict)
    {
        using var other = new Pbkdf2PasswordHasher(rounds);
        var hash = await HashAsync(other, "tomato");

        (await VerifyAsync(_quick, "tomato", hash)).Should().Be((PasswordVerdict)verdict);
        (await VerifyAsync(_quick, "potato", hash)).Should().Be(PasswordVerdict.Wrong);
    }

    [Fact]
    public async Task For_an_unknown_user_the_same_work_is_done_and_nothing_is_right()
    {
        var hash = await HashAsync(_quick, "tomato");
        var before = _quick.Derivations;

        var known = await VerifyAsync(_quick, "potato", hash);
        var afterKnown = _quick.Derivations;
        var unknown = await VerifyAsync(_quick, "potato", null);

        known.Should().Be(PasswordVerdict.Wrong);
        unknown.Should().Be(PasswordVerdict.Wrong);
        (afterKnown - before).Should().Be(1);
        (_quick.Derivations - afterKnown).Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomato")]
    [InlineData("$pbkdf2-sha256$65535$z8c1p1C2ru9EImBP1I+ZNA")]
    [InlineData("$pbkdf2-sha256$65535$z8c1p1C2ru9EImBP1I+ZNA$")]
    [InlineData("$pbkdf2-sha256$0$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$-1$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$10000001$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$99999999999$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$many$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$1000$not!base64$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$1000$z8c1p1C2ru9EImBP1I+ZNA$a")]
    [InlineData("$pbkdf2-sha512$1000$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("x$pbkdf2-sha256$1000$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0")]
    [InlineData("$pbkdf2-sha256$1000$z8c1p1C2ru9EImBP1I+ZNA$pNjE3Yk0$more")]
    public async Task A_damaged_hash_lets_nobody_in_and_is_not_repeated(string hash)
    {
        var verify = () => _quick.VerifyAsync("tomato", hash, Ct);

        (await verify.Should().ThrowAsync<InvalidOperationException>()).WithMessage("A stored password hash is damaged.");
        _quick.Derivations.Should().Be(0);
    }

    [Fact]
    public async Task Beyond_what_may_wait_callers_are_told_to_come_back()
    {
        using var slow = new Pbkdf2PasswordHasher(1_000_000);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var running = (2 * Environment.ProcessorCount) + 128;
        var all = Enumerable.Range(0, running + 20).Select(_ => slow.HashAsync("tomato", giveUp.Token)).ToList();
        var refused = await all[^1];
        await giveUp.CancelAsync();

        refused.Error.Should().BeEquivalentTo(
            new Error(ErrorKind.Unavailable, "The service is temporarily unavailable.") { RetryAfter = TimeSpan.FromSeconds(2) });
        await FluentActions.Awaiting(() => Task.WhenAll(all)).Should().ThrowAsync<OperationCanceledException>();
        slow.Derivations.Should().BeLessThan(running);
    }

    [Fact]
    public async Task Those_who_gave_up_waiting_make_room_for_others()
    {
        for (var i = 0; i < 200; i++)
        {
            await FluentActions.Awaiting(() => _quick.HashAsync("tomato", new CancellationToken(canceled: true)))
                .Should().ThrowAsync<OperationCanceledException>();
        }

        (await _quick.HashAsync("tomato", Ct)).Error.Should().BeNull();
    }

    private static async Task<string> HashAsync(Pbkdf2PasswordHasher hasher, string password) =>
        (await hasher.HashAsync(password, Ct)).Match(hash => hash, error => throw new InvalidOperationException(error.Message));

    private static async Task<PasswordVerdict> VerifyAsync(Pbkdf2PasswordHasher hasher, string password, string? hash) =>
        (await hasher.VerifyAsync(password, hash, Ct)).Match(
            verdict => verdict, error => throw new InvalidOperationException(error.Message));
}
