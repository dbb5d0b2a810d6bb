using Coder.Domain.Provisioning;

namespace Coder.Domain.Tests.Provisioning;

public sealed class JobTagsTests
{
    private static readonly Guid Alice = new("a0000000-0000-4000-8000-00000000000A");
    private static readonly Guid Bob = new("b0000000-0000-4000-8000-00000000000b");

    [Theory]
    [InlineData("", "owner= scope=organization")]
    [InlineData("scope=organization", "owner= scope=organization")]
    [InlineData("scope=organization owner=x", "owner= scope=organization")]
    [InlineData("owner=x", "owner= scope=organization")]
    [InlineData("scope=galaxy", "owner= scope=organization")]
    [InlineData("scope=User", "owner= scope=organization")]
    [InlineData("scope=", "owner= scope=organization")]
    [InlineData("scope=user", "owner=a0000000-0000-4000-8000-00000000000a scope=user")]
    [InlineData("scope=user owner=x", "owner=a0000000-0000-4000-8000-00000000000a scope=user")]
    [InlineData("region=eu scope=user", "owner=a0000000-0000-4000-8000-00000000000a region=eu scope=user")]
    [InlineData("region=eu", "owner= region=eu scope=organization")]
    public void Tags_always_have_a_known_scope_and_the_owner_that_goes_with_it(string given, string expected) =>
        Tags(given).ToString().Should().Be(expected);

    [Fact]
    public void No_tags_are_the_default_ones()
    {
        JobTags.Of(null, Alice).Should().Be(JobTags.Default);
        JobTags.FromStored([]).Should().Be(JobTags.Default);
        JobTags.Default.Values.Should().Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["owner"] = "", ["scope"] = "organization" });
        (JobTags.Default.Scope, JobTags.Default.Owner).Should().Be((TagScope.Organization, ""));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("region=eu", "", false)]
    [InlineData("scope=user", "", false)]
    [InlineData("", "region=eu", false)]
    [InlineData("region=eu", "region=eu", true)]
    [InlineData("region=eu gpu=yes", "region=eu", true)]
    [InlineData("region=us", "region=eu", false)]
    [InlineData("Region=eu", "region=eu", false)]
    [InlineData("region=eu", "region=eu gpu=yes", false)]
    [InlineData("scope=user", "scope=user", true)]
    [InlineData("scope=user region=eu", "scope=user", true)]
    [InlineData("scope=user", "scope=user region=eu", false)]
    [InlineData("region=eu", "scope=user region=eu", false)]
    [InlineData("scope=user region=eu", "region=eu", false)]
    public void A_daemon_has_all_tags_of_the_job_and_for_a_plain_job_no_others(string daemon, string job, bool canRun) =>
        Tags(daemon).CanRun(Tags(job)).Should().Be(canRun);

    [Fact]
    public void The_job_of_another_user_needs_that_users_daemon()
    {
        var daemonOfAlice = Tags("scope=user");

        daemonOfAlice.CanRun(Tags("scope=user").ForOwner(Alice)).Should().BeTrue();
        daemonOfAlice.CanRun(Tags("scope=user").ForOwner(Bob)).Should().BeFalse();
        Tags("scope=user").ForOwner(Bob).Owner.Should().Be(Bob.ToString());
    }

    [Fact]
    public void Without_the_user_scope_the_owner_changes_nothing() => Tags("region=eu").ForOwner(Bob).Should().Be(Tags("region=eu"));

    [Fact]
    public void Equal_tags_are_equal_in_any_order()
    {
        Tags("a=1 b=2").Should().Be(Tags("b=2 a=1"));
        Tags("a=1 b=2").GetHashCode().Should().Be(Tags("b=2 a=1").GetHashCode());
        Tags("a=1").Should().NotBe(Tags("a=2"));
        Tags("a=1").Equals(null).Should().BeFalse();
        JobTags.FromStored(Tags("scope=user a=1").Values).Should().Be(Tags("scope=user a=1"));
    }

    private static JobTags Tags(string text) => JobTags.Of(
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1])),
        Alice);
}
