using System.Collections.Concurrent;
using System.Globalization;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Licensing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class VerdictCacheTests
{
    private readonly ConcurrentQueue<string> _judged = [];

    [Fact]
    public void A_token_is_judged_once()
    {
        var cache = new VerdictCache(capacity: 10);

        var first = cache.GetOrAdd(1, "a", Judge);
        var second = cache.GetOrAdd(1, "a", Judge);

        second.Should().BeSameAs(first);
        _judged.Should().Equal("a");
    }

    [Fact]
    public void A_rejection_is_remembered_like_any_verdict_for_each_license_and_token()
    {
        var cache = new VerdictCache(capacity: 10);

        foreach (var (id, token) in new[] { (1, "a"), (2, "a"), (1, "b"), (1, "b"), (2, "a") })
        {
            cache.GetOrAdd(id, token, Judge);
        }

        _judged.Should().Equal("a", "a", "b");
        cache.Count.Should().Be(2);
    }

    [Fact]
    public void It_never_holds_more_than_its_capacity_and_drops_what_came_first()
    {
        var cache = new VerdictCache(capacity: 3);

        for (var id = 0; id < 100; id++)
        {
            cache.GetOrAdd(id, id.ToString(CultureInfo.InvariantCulture), Judge);
        }

        _judged.Clear();
        cache.GetOrAdd(99, "99", Judge);
        cache.GetOrAdd(97, "97", Judge);
        cache.GetOrAdd(96, "96", Judge);
        cache.Count.Should().Be(3);
        _judged.Should().Equal("96");
    }

    [Fact]
    public void A_token_that_changes_often_does_not_push_others_out()
    {
        var cache = new VerdictCache(capacity: 2);
        cache.GetOrAdd(1, "a", Judge);

        for (var i = 0; i < 10; i++)
        {
            cache.GetOrAdd(2, i.ToString(CultureInfo.InvariantCulture), Judge);
        }

        _judged.Clear();
        cache.GetOrAdd(1, "a", Judge);
        _judged.Should().BeEmpty();
    }

    [Fact]
    public void Callers_at_the_same_time_have_a_token_judged_once()
    {
        var cache = new VerdictCache(capacity: 10);

        Parallel.For(0, 1000, i => cache.GetOrAdd(i % 5, "a", Judge));

        _judged.Should().HaveCount(5);
    }

    private Verdict Judge(string token)
    {
        _judged.Enqueue(token);
        return new Verdict(null, RejectionReason.BadSignature);
    }
}
