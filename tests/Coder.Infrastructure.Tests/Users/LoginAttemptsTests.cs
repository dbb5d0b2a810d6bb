using Coder.Application.Users;
using Coder.Infrastructure.Users;

namespace Coder.Infrastructure.Tests.Users;

public sealed class LoginAttemptsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionOptions Options = new(TimeSpan.FromHours(1), DisableExpiryRefresh: false, DisablePasswordAuth: false);

    [Fact]
    public void An_address_is_the_same_in_every_case_and_others_are_not_concerned()
    {
        var attempts = new LoginAttempts(Options);
        Fail(attempts, "Olga@example.com", 5);
        Fail(attempts, "OLGA@EXAMPLE.COM", 5);

        attempts.Begin("olga@example.com", Now).Should().Be(TimeSpan.FromSeconds(2));
        attempts.Begin("other@example.com", Now).Should().BeNull();
    }

    [Fact]
    public void The_right_password_makes_up_for_all_wrong_ones()
    {
        var attempts = new LoginAttempts(Options);
        Fail(attempts, "olga@example.com", 9);

        attempts.Begin("olga@example.com", Now).Should().BeNull();
        attempts.End("olga@example.com", isRight: true, Now);

        attempts.Count.Should().Be(0);
        Fail(attempts, "olga@example.com", 9);
        attempts.Begin("olga@example.com", Now).Should().BeNull();
    }

    [Fact]
    public void An_attempt_without_a_verdict_leaves_nothing_behind()
    {
        var attempts = new LoginAttempts(Options);

        attempts.Begin("olga@example.com", Now);
        attempts.End("olga@example.com", isRight: null, Now);

        attempts.Count.Should().Be(0);
    }

    [Fact]
    public void Memory_is_bounded_and_whoever_was_tried_least_recently_makes_room()
    {
        var attempts = new LoginAttempts(Options, capacity: 100);
        Fail(attempts, "early@example.com", 10);
        for (var i = 0; i < 1000; i++)
        {
            Fail(attempts, $"user{i}@example.com", 1);
        }

        Fail(attempts, "late@example.com", 10);

        attempts.Count.Should().Be(100);
        attempts.Begin("late@example.com", Now).Should().NotBeNull("a full table still counts the failures of new accounts");
        attempts.Begin("early@example.com", Now).Should().BeNull("a thousand others were tried since");
    }

    [Fact]
    public void Those_who_are_over_vanish_as_others_come()
    {
        var attempts = new LoginAttempts(Options, capacity: 100);
        for (var i = 0; i < 100; i++)
        {
            Fail(attempts, $"user{i}@example.com", 1);
        }

        var later = Now.AddMinutes(5).AddSeconds(1);
        for (var i = 0; i < 50; i++)
        {
            attempts.Begin($"late{i}@example.com", later);
        }

        attempts.Count.Should().Be(50);
    }

    [Fact]
    public void Without_limits_nothing_is_counted()
    {
        var attempts = new LoginAttempts(Options with { DisableLoginThrottle = true });

        Fail(attempts, "olga@example.com", 100);

        attempts.Count.Should().Be(0);
        attempts.Begin("olga@example.com", Now).Should().BeNull();
    }

    private static void Fail(LoginAttempts attempts, string email, int times)
    {
        for (var i = 0; i < times; i++)
        {
            attempts.Begin(email, Now).Should().BeNull();
            attempts.End(email, isRight: false, Now);
        }
    }
}
