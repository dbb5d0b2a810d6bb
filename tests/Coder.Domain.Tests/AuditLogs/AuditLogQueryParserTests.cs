using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.AuditLogs;

public sealed class AuditLogQueryParserTests
{
    private const string Id = "0b3a4f0e-0000-4000-8000-000000000001";

    public static TheoryData<string, AuditLogFilter> Good => new()
    {
        { "", new() },
        { "   ", new() },
        { $"request_id:{Id}", new() { RequestId = Guid.Parse(Id) } },
        { $"request_id:{Guid.Empty}", new() },
        { $"resource_id:{Id}", new() { ResourceId = Guid.Parse(Id) } },
        { "resource_target:My-Template", new() { ResourceTarget = "my-template" } },
        { "resource_target:\"a b\"", new() { ResourceTarget = "a b" } },
        { "username:me", new() { Username = "me" } },
        { "email:Ann@Example.com", new() { Email = "ann@example.com" } },
        { "date_from:2026-03-01", new() { From = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) } },
        { "date_to:2026-03-01", new() { Until = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero) } },
        { "date_to:9999-12-31", new() { Until = DateTimeOffset.MaxValue } },
        { "organization:coder", new() { Organization = "coder" } },
        { $"organization:{Id}", new() { Organization = Id } },
        { $"organization:{Guid.Parse(Id):N}", new() { Organization = Id } },
        { $"organization:{Guid.Parse(Id):B}", new() { Organization = Id } },
        { $"organization:\"urn:uuid:{Id}\" request_id:\"urn:uuid:{Id}\"", new() { Organization = Id, RequestId = Guid.Parse(Id) } },
        { "resource_type:git_ssh_key", new() { ResourceType = AuditResourceType.GitSshKey } },
        { "workspace_agent", new() { ResourceType = AuditResourceType.WorkspaceAgent } },
        { "ACTION:Disconnect", new() { Action = AuditAction.Disconnect } },
        { "build_reason:autostart", new() { BuildReason = BuildReason.Autostart } },
        { "action:login resource_type:api_key", new() { Action = AuditAction.Login, ResourceType = AuditResourceType.ApiKey } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_search_becomes_a_filter(string text, AuditLogFilter expected) =>
        AuditLogQueryParser.Parse(text).Should().Be((Result<AuditLogFilter>)expected);

    [Theory]
    [InlineData("foo:bar", "foo", "\"foo\" is not a valid query param")]
    [InlineData("action:nonsense", "action", "Query param \"action\" has invalid value: \"nonsense\" is not a valid value")]
    [InlineData("nonsense", "resource_type", "Query param \"resource_type\" has invalid value: \"nonsense\" is not a valid value")]
    [InlineData("build_reason:boredom", "build_reason", "Query param \"build_reason\" has invalid value: \"boredom\" is not a valid value")]
    [InlineData("request_id:1", "request_id", "Query param \"request_id\" must be a valid uuid")]
    [InlineData("action:login action:logout", "action", "Query param \"action\" provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    [InlineData("date_from:yesterday", "date_from", "Query param \"date_from\" must be a valid date format (2006-01-02): \"yesterday\" is no such date")]
    [InlineData("action:", "q", "Query element \"action:\" cannot start or end with ':'")]
    [InlineData("a:b:c", "q", "Query element \"a:b:c\" can only contain 1 ':'")]
    [InlineData("username:a\0b", "q", "Query param \"q\" must not contain NUL")]
    public void What_can_not_be_read_is_named(string text, string field, string detail)
    {
        var error = AuditLogQueryParser.Parse(text).Error;

        error!.Message.Should().Be("Invalid audit search query.");
        error.Validations.Should().Equal(new FieldError(field, detail));
    }

    [Fact]
    public void All_wrong_keys_are_named_at_once()
    {
        var error = AuditLogQueryParser.Parse("action:x date_to:y foo:z").Error;

        error!.Validations!.Select(v => v.Field).Should().Equal("date_to", "action", "foo");
    }

    [Fact]
    public void A_search_of_more_than_8_KiB_is_refused() =>
        AuditLogQueryParser.Parse("username:" + new string('a', 8 * 1024)).Error!.Validations!.Single().Field.Should().Be("q");
}
