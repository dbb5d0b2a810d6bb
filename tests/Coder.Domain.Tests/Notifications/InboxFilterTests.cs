using Coder.Domain.Notifications;

namespace Coder.Domain.Tests.Notifications;

public sealed class InboxFilterTests
{
    private static readonly Guid One = new("0b3a4f0e-0000-4000-8000-000000000001");
    private static readonly Guid Two = new("0b3a4f0e-0000-4000-8000-000000000002");

    [Fact]
    public void Absent_and_empty_mean_no_limit()
    {
        var absent = InboxFilter.Parse(null, null, null, null);
        var empty = InboxFilter.Parse("", "", "", "");

        foreach (var result in new[] { absent, empty })
        {
            result.Is(out var filter, out _).Should().BeTrue();
            filter!.Targets.Should().BeEmpty();
            filter.Templates.Should().BeEmpty();
            filter.Status.Should().Be(ReadStatus.All);
            filter.StartingBefore.Should().BeNull();
        }
    }

    [Fact]
    public void Every_bad_parameter_is_named()
    {
        var error = InboxFilter.Parse("x", $"{One},y", "some", $"{One},{Two}").Error;

        error!.Validations!.Select(v => v.Field).Should().BeEquivalentTo("targets", "templates", "read_status", "starting_before");
    }

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("1", null, null, true)]
    [InlineData("1,2", null, null, false)]
    [InlineData(null, "2", null, true)]
    [InlineData(null, "1,2", null, true)]
    [InlineData(null, "1", null, false)]
    [InlineData(null, null, "unread", true)]
    [InlineData(null, null, "read", false)]
    public void A_new_notification_is_about_all_targets_of_one_kind_and_unread(string? targets, string? templates, string? status, bool matches)
    {
        InboxFilter.Parse(Ids(targets), Ids(templates), status, null).Is(out var filter, out _);
        var notification = new InboxNotification(Two, One, Two, [One], "", "", "", [], null, DateTimeOffset.UnixEpoch);

        filter!.Matches(notification).Should().Be(matches);

        static string? Ids(string? text) => text is null ? null : string.Join(',', text.Split(',').Select(t => t == "1" ? One : Two));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("**bold** and *thin* and `code`", "bold and thin and code")]
    [InlineData("see [the docs](https://example.com/a_b) now", "see the docs now")]
    [InlineData("# Title\n> quote\ntext", "Title\nquote\ntext")]
    [InlineData("2 * 3 = 6, snake_case_name, #1", "2 * 3 = 6, snake_case_name, #1")]
    [InlineData("", "")]
    public void Plain_text_keeps_the_words(string markdown, string plain) => MarkdownText.ToPlain(markdown).Should().Be(plain);
}
