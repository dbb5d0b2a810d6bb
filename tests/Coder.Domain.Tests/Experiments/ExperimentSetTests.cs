using Coder.Domain.Experiments;

namespace Coder.Domain.Tests.Experiments;

public sealed class ExperimentSetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" , ,", "")]
    [InlineData("oauth2", "oauth2")]
    [InlineData("oauth2,mcp-server-http", "oauth2 mcp-server-http")]
    [InlineData(" mcp-server-http , oauth2 ", "mcp-server-http oauth2")]
    [InlineData("OAuth2", "oauth2")]
    [InlineData("oauth2,OAUTH2,oauth2", "oauth2")]
    [InlineData("*", "")]
    [InlineData("*,oauth2,*", "oauth2")]
    [InlineData("foo-bar,oauth2", "foo-bar oauth2")]
    [InlineData("oauth 2", "oauth 2")]
    public void The_setting_is_read_in_its_order(string text, string expected) =>
        string.Join(' ', ExperimentSet.Parse(text).Set.Enabled).Should().Be(expected);

    [Theory]
    [InlineData("", null)]
    [InlineData("*", null)]
    [InlineData("oauht2", "ignoring unknown experiment \"oauht2\"; did you mean \"oauth2\"?")]
    [InlineData("mcp-server", "ignoring unknown experiment \"mcp-server\"")]
    [InlineData("MCP_server_HTTP", "ignoring unknown experiment \"mcp_server_http\"; did you mean \"mcp-server-http\"?")]
    [InlineData("something-else", "ignoring unknown experiment \"something-else\"")]
    [InlineData("web-push", "opted into the hidden experiment \"web-push\" (Browser Push Notifications); it may change or end without notice")]
    [InlineData("zzzzzzzzz,zzzzzzzzz", "ignoring unknown experiment \"zzzzzzzzz\"")]
    public void Unknown_and_hidden_values_are_warned_of_once(string text, string? warning) =>
        ExperimentSet.Parse(text).Warnings.Should().BeEquivalentTo(warning is null ? [] : new[] { warning });

    [Fact]
    public void Unknown_values_are_kept_and_count_as_enabled()
    {
        var (set, _) = ExperimentSet.Parse("foo-bar");

        set.Has("foo-bar").Should().BeTrue();
        set.Has("Foo-Bar").Should().BeFalse();
    }

    [Theory]
    [InlineData("", "oauth2,mcp-server-http", "oauth2,mcp-server-http")]
    [InlineData("mcp-server-http", "oauth2,mcp-server-http", "oauth2")]
    [InlineData("mcp-server-http,oauth2", "oauth2,mcp-server-http", "")]
    [InlineData("oauth2", "", "")]
    public void What_is_missing_is_named_in_the_order_of_what_is_required(string enabled, string required, string missing)
    {
        var (set, _) = ExperimentSet.Parse(enabled);

        var result = set.Missing(Of(required));

        string.Join(',', result).Should().Be(missing);
    }

    [Theory]
    [InlineData("example", "Example Experiment")]
    [InlineData("auto-fill-parameters", "Auto-fill Template Parameters")]
    [InlineData("notifications", "SMTP and Webhook Notifications")]
    [InlineData("workspace-usage", "Workspace Usage Tracking")]
    [InlineData("web-push", "Browser Push Notifications")]
    [InlineData("oauth2", "OAuth2 Provider Functionality")]
    [InlineData("mcp-server-http", "MCP HTTP Server Functionality")]
    [InlineData("workspace-sharing", "Workspace Sharing")]
    [InlineData("foo-bar", "Foo Bar")]
    [InlineData("foo", "Foo")]
    [InlineData("a-1b--c", "A 1b  C")]
    [InlineData("", "")]
    public void Every_value_has_a_name_for_people(string value, string name) => new Experiment(value).DisplayName.Should().Be(name);

    [Theory]
    [InlineData("oauth2", "OAuth2 Provider Functionality functionality requires enabling the 'oauth2' experiment.")]
    [InlineData("foo-bar", "Foo Bar functionality requires enabling the 'foo-bar' experiment.")]
    [InlineData("oauth2,mcp-server-http", "This functionality requires enabling the following experiments: oauth2, mcp-server-http")]
    public void A_refusal_names_all_that_is_required(string required, string message) =>
        ExperimentMessages.Refusal(Of(required)).Should().Be(message);

    [Fact]
    public void Nothing_is_safe_yet_and_everything_known_is_known()
    {
        Experiment.Safe.Should().BeEmpty();
        Experiment.Known.Should().HaveCount(8).And.OnlyContain(e => e.IsKnown).And.OnlyHaveUniqueItems();
        new Experiment("foo").IsKnown.Should().BeFalse();
    }

    private static Experiment[] Of(string values) =>
        [.. values.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(value => new Experiment(value))];
}
