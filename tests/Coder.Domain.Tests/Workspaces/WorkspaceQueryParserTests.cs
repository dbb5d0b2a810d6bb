using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

/// <summary>The search of the list of workspaces: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class WorkspaceQueryParserTests
{
    private const string Id = "11111111-1111-4111-8111-111111111111";
    private const string OtherId = "22222222-2222-4222-8222-222222222222";

    [Fact]
    public void An_empty_search_asks_for_everything() => Read("").Should().BeEquivalentTo(new WorkspaceFilter());

    [Fact]
    public void Every_key_is_read()
    {
        var filter = Read(
            $"id:{Id},{OtherId} owner:Alice template:Docker name:Dev status:running has-agent:connected dormant:true "
            + "last_used_after:2026-01-02T03:04:05Z last_used_before:\"2026-02-03T04:05:06Z\" outdated:false has-ai-task:1 "
            + "has_external_agent:f is_prebuild:t organization:Acme param:Region param:\"Size=Big\"");

        filter.Should().BeEquivalentTo(new WorkspaceFilter
        {
            Ids = [new Guid(Id), new Guid(OtherId)],
            Owner = "alice",
            Template = "docker",
            Names = ["dev"],
            Status = WorkspaceStatus.Running,
            HasAgent = AgentStatus.Connected,
            IsDormant = true,
            LastUsedAfter = Times.Utc("2026-01-02 03:04:05"),
            LastUsedBefore = Times.Utc("2026-02-03 04:05:06"),
            IsOutdated = false,
            HasAiTask = true,
            HasExternalAgent = false,
            IsPrebuild = true,
            Organization = "acme",
            HasParameters = ["region"],
            ParameterValues = ["size=big"],
        });
    }

    [Theory]
    [InlineData("dev", null, "dev")]
    [InlineData("dev box", null, "dev|box")]
    [InlineData("alice/dev", "alice", "dev")]
    [InlineData("alice/", "alice", "")]
    [InlineData("/dev", null, "dev")]
    [InlineData("name:dev big", null, "dev|big")]
    [InlineData("me/dev", "me", "dev")]
    [InlineData("\"dev\"", null, "dev")]
    public void Words_are_parts_of_names_and_a_slash_names_the_owner(string search, string? owner, string names)
    {
        var filter = Read(search);

        filter.Owner.Should().Be(owner);
        string.Join('|', filter.Names).Should().Be(names);
    }

    [Theory]
    [InlineData("pending", WorkspaceStatus.Pending)]
    [InlineData("starting", WorkspaceStatus.Starting)]
    [InlineData("running", WorkspaceStatus.Running)]
    [InlineData("stopping", WorkspaceStatus.Stopping)]
    [InlineData("stopped", WorkspaceStatus.Stopped)]
    [InlineData("failed", WorkspaceStatus.Failed)]
    [InlineData("canceling", WorkspaceStatus.Canceling)]
    [InlineData("canceled", WorkspaceStatus.Canceled)]
    [InlineData("deleting", WorkspaceStatus.Deleting)]
    [InlineData("deleted", WorkspaceStatus.Deleted)]
    [InlineData("started", WorkspaceStatus.Running)]
    public void Every_status_has_its_name(string name, WorkspaceStatus status) => Read($"status:{name}").Status.Should().Be(status);

    [Theory]
    [InlineData("a/b/c", "q", "Query element \"a/b/c\" can only contain 1 '/'")]
    [InlineData("name:", "q", "Query element \"name:\" cannot start or end with ':'")]
    [InlineData("a:b:c", "q", "Query element \"a:b:c\" can only contain 1 ':'")]
    [InlineData("colour:red", "colour", "\"colour\" is not a valid query param")]
    [InlineData("status:asleep", "status", "Query param \"status\" has invalid value: \"asleep\" is not a valid value")]
    [InlineData("has-agent:lost", "has-agent", "Query param \"has-agent\" has invalid value: \"lost\" is not a valid value")]
    [InlineData("id:nobody", "id", "Query param \"id\" has invalid value: \"nobody\" must be a valid uuid")]
    [InlineData("dormant:maybe", "dormant", "Query param \"dormant\" must be a valid boolean: \"maybe\" is none")]
    [InlineData("is_prebuild:2", "is_prebuild", "Query param \"is_prebuild\" must be a valid boolean: \"2\" is none")]
    [InlineData(
        "owner:a b/dev",
        "owner",
        "Query param \"owner\" provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    [InlineData(
        "template:a template:b",
        "template",
        "Query param \"template\" provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    [InlineData(
        "last_used_after:yesterday",
        "last_used_after",
        "Query param \"last_used_after\" must be a valid date format (2006-01-02T15:04:05.999999999Z07:00): \"yesterday\" is no such time")]
    public void What_can_not_be_read_is_named(string search, string field, string detail)
    {
        var isRead = WorkspaceQueryParser.Parse(search).Is(out _, out var error);

        isRead.Should().BeFalse();
        error!.Kind.Should().Be(ErrorKind.Invalid);
        error.Message.Should().Be("Invalid workspace search query.");
        error.Validations.Should().Equal(new FieldError(field, detail));
    }

    [Fact]
    public void An_organization_that_is_not_there_is_an_error_of_the_search()
    {
        var error = WorkspaceQueryParser.UnknownOrganization("acme");

        error.Message.Should().Be("Invalid workspace search query.");
        error.Validations.Should().ContainSingle().Which.Detail.Should().Be(
            "Query param \"organization\" has invalid value: organization \"acme\" either does not exist, or you are unauthorized to view it");
    }

    private static WorkspaceFilter Read(string search) => WorkspaceQueryParser.Parse(search).Is(out var filter, out var error)
        ? filter
        : throw new InvalidOperationException(string.Join("; ", error.Validations ?? []));
}
