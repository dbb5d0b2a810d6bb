using Coder.Domain.Workspaces;
using static Coder.Domain.Tests.Times;

namespace Coder.Domain.Tests.Workspaces;

public sealed class DormancyTests
{
    private static readonly DateTimeOffset Now = Utc("2024-05-15 10:00");

    [Fact]
    public void A_dormant_workspace_is_deleted_after_the_templates_limit() =>
        Dormancy.From(Now, TimeSpan.FromDays(7)).Should().Be(new Dormancy(Now, Utc("2024-05-22 10:00")));

    [Fact]
    public void Without_a_limit_it_is_kept() => Dormancy.From(Now, TimeSpan.Zero).Should().Be(new Dormancy(Now, null));

    [Fact]
    public void Another_limit_counts_from_the_same_instant()
    {
        var dormant = Dormancy.From(Now, TimeSpan.FromDays(7));

        dormant.WithAutodelete(TimeSpan.FromDays(1)).Should().Be(new Dormancy(Now, Utc("2024-05-16 10:00")));
        dormant.WithAutodelete(TimeSpan.Zero).Should().Be(new Dormancy(Now, null));
        Dormancy.Awake.WithAutodelete(TimeSpan.FromDays(1)).Should().Be(Dormancy.Awake);
    }
}
