using Coder.Api.RateLimiting;

namespace Coder.Api.Tests.RateLimiting;

public sealed class RefusedCredentialsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RateLimitVerdict Verdict = new(false, 0, 1_772_366_460, TimeSpan.FromSeconds(20));

    [Fact]
    public void A_credential_is_refused_on_its_route_until_its_time_has_come()
    {
        var refused = new RefusedCredentials();
        refused.Add("one", 7, 5, Verdict, Now);

        refused.TryFind("one", 7, Now.AddSeconds(5), out var limit, out var verdict).Should().BeTrue();
        limit.Should().Be(5);
        verdict.Should().Be(Verdict with { RetryAfter = TimeSpan.FromSeconds(15) });
        refused.TryFind("one", 8, Now, out _, out _).Should().BeFalse();
        refused.TryFind("two", 7, Now, out _, out _).Should().BeFalse();
        refused.TryFind("one", 7, Now.AddSeconds(20), out _, out _).Should().BeFalse();
    }

    [Fact]
    public void Too_many_are_forgotten_rather_than_kept()
    {
        var refused = new RefusedCredentials(capacity: 10);
        for (var i = 0; i < 11; i++)
        {
            refused.Add($"credential {i}", 1, 5, Verdict, Now);
        }

        refused.TryFind("credential 0", 1, Now, out _, out _).Should().BeFalse();
        refused.TryFind("credential 10", 1, Now, out _, out _).Should().BeTrue();
    }
}
