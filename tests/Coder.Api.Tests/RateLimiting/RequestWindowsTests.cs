using System.Net;
using Coder.Api.RateLimiting;

namespace Coder.Api.Tests.RateLimiting;

public sealed class RequestWindowsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RateLimitKey Key = RateLimitKey.OfAddress(IPAddress.Loopback, 1);

    private readonly RequestWindows _windows = new();

    [Fact]
    public void So_many_are_allowed_as_the_limit_says_and_what_is_left_is_told()
    {
        var verdicts = Take(4, limit: 3, Start.AddSeconds(20));

        verdicts.Select(v => (v.IsAllowed, v.Remaining)).Should().Equal((true, 2), (true, 1), (true, 0), (false, 0));
        verdicts.Should().OnlyContain(v => v.ResetAt == Start.AddMinutes(1).ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(75, 15)]
    [InlineData(90, 30)]
    [InlineData(119, 59)]
    [InlineData(120, 60)]
    [InlineData(600, 60)]
    public void What_lies_in_the_minute_before_leaves_the_window_evenly(int secondsLater, int allowed)
    {
        Take(60, limit: 60, Start);

        Take(61, limit: 60, Start.AddSeconds(secondsLater)).Count(v => v.IsAllowed).Should().Be(allowed);
    }

    [Fact]
    public void Who_waits_as_long_as_told_gets_through_and_not_before()
    {
        var now = Start.AddSeconds(7);
        Take(30, limit: 30, now);
        for (var i = 0; i < 200; i++)
        {
            var refused = _windows.Take(Key, 30, now);
            refused.IsAllowed.Should().BeFalse();
            refused.RetryAfter.Should().BePositive();

            _windows.Take(Key, 30, now + refused.RetryAfter - TimeSpan.FromMilliseconds(1)).IsAllowed.Should().BeFalse();
            now += refused.RetryAfter;
            _windows.Take(Key, 30, now).IsAllowed.Should().BeTrue();
            while (_windows.Take(Key, 30, now).IsAllowed)
            {
            }
        }
    }

    [Fact]
    public void A_clock_that_goes_back_breaks_nothing()
    {
        Take(2, limit: 2, Start);

        _windows.Take(Key, 2, Start.AddHours(-1)).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void Refused_requests_do_not_make_the_wait_longer()
    {
        Take(1000, limit: 2, Start);

        Take(3, limit: 2, Start.AddSeconds(90)).Count(v => v.IsAllowed).Should().Be(1);
    }

    [Fact]
    public void Idle_windows_vanish_with_their_minute()
    {
        for (var i = 0; i < 1000; i++)
        {
            _windows.Take(OfNumber(i), 5, Start);
        }

        _windows.Take(Key, 5, Start.AddMinutes(1));

        _windows.Count.Should().Be(1);
    }

    [Fact]
    public void With_too_many_callers_they_share_windows_so_that_neither_memory_nor_requests_grow()
    {
        var windows = new RequestWindows(capacity: 100);
        windows.Take(Key, 5, Start);

        var allowed = Enumerable.Range(0, 20_000).Count(i => windows.Take(OfNumber(i), 5, Start).IsAllowed);

        windows.Count.Should().BeLessThanOrEqualTo(100 + 256);
        allowed.Should().BeLessThanOrEqualTo(100 + (256 * 5));
        windows.Take(Key, 5, Start).Remaining.Should().Be(3, "who was known before is not concerned");
    }

    [Fact]
    public void With_too_many_paths_of_a_user_they_share_windows_too()
    {
        var windows = new RequestWindows(capacity: 100);
        var user = new Guid("0b3a4f0e-0000-4000-8000-000000000001");

        var allowed = Enumerable.Range(0, 20_000).Count(i => windows.Take(RateLimitKey.OfUser(user, i), 5, Start).IsAllowed);

        windows.Count.Should().BeLessThanOrEqualTo(100 + 256);
        allowed.Should().BeLessThanOrEqualTo(100 + (256 * 5));
    }

    [Fact]
    public void Many_at_once_get_no_more_than_the_limit()
    {
        var allowed = 0;

        Parallel.For(0, 2000, _ =>
        {
            if (_windows.Take(Key, 500, Start).IsAllowed)
            {
                Interlocked.Increment(ref allowed);
            }
        });

        allowed.Should().BeLessThanOrEqualTo(500).And.BeGreaterThan(490);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Of_IPv6_the_network_counts_because_its_owner_has_all_addresses_in_it(string one, string other, bool areSame) =>
        (RateLimitKey.OfAddress(IPAddress.Parse(one), 1) == RateLimitKey.OfAddress(IPAddress.Parse(other), 1)).Should().Be(areSame);

    [Fact]
    public void Users_addresses_and_routes_are_told_apart()
    {
        RateLimitKey[] keys =
        [
            RateLimitKey.OfUser(Guid.Empty, 1),
            RateLimitKey.OfUser(Guid.Empty, 2),
            RateLimitKey.OfAddress(null, 1),
            RateLimitKey.OfAddress(IPAddress.Loopback, 1),
        ];

        keys.Should().OnlyHaveUniqueItems();
    }

    private List<RateLimitVerdict> Take(int times, int limit, DateTimeOffset now) =>
        [.. Enumerable.Range(0, times).Select(_ => _windows.Take(Key, limit, now))];

    private static RateLimitKey OfNumber(int number) => RateLimitKey.OfAddress(new IPAddress((uint)number + 0x0a000000), 1);
}
