using Coder.Infrastructure.Common;
using Microsoft.Extensions.Time.Testing;

namespace Coder.Infrastructure.Tests.Common;

public sealed class IdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ids_of_one_moment_grow()
    {
        var ids = new Ids(new FakeTimeProvider(Now));

        var made = Enumerable.Range(0, 10_000).Select(_ => ids.Sequential().ToString()).ToList();

        made.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public void Ids_grow_though_the_clock_goes_back()
    {
        var clock = new AnyClock { Now = Now };
        var ids = new Ids(clock);
        var before = ids.Sequential();

        clock.Now = Now.AddHours(-1);

        string.CompareOrdinal(ids.Sequential().ToString(), before.ToString()).Should().BePositive();
    }

    [Fact]
    public void Ids_hold_their_time_and_say_what_they_are()
    {
        var id = new Ids(new FakeTimeProvider(Now)).Sequential();

        id.Version.Should().Be(7);
        id.Variant.Should().BeInRange(8, 11);
        Convert.ToInt64(id.ToString("N")[..12], 16).Should().Be(Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Ids_made_at_once_are_all_different()
    {
        var ids = new Ids(new FakeTimeProvider(Now));

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 2_000).Select(_ => ids.Sequential()).ToArray())));

        made.SelectMany(some => some).Should().OnlyHaveUniqueItems();
    }

    private sealed class AnyClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
