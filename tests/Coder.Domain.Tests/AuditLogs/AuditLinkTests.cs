using System.Text.Json.Nodes;
using Coder.Domain.AuditLogs;

namespace Coder.Domain.Tests.AuditLogs;

public sealed class AuditLinkTests
{
    private const string Id = "0b3a4f0e-0000-4000-8000-000000000001";

    [Theory]
    [InlineData(AuditResourceType.Template, "{}", null, "/templates/x%20y")]
    [InlineData(AuditResourceType.User, "{}", null, "/users?filter=x%20y")]
    [InlineData(AuditResourceType.Workspace, "{}", "ann", "/@ann/x%20y")]
    [InlineData(AuditResourceType.Workspace, "{}", null, "")]
    [InlineData(AuditResourceType.WorkspaceBuild, """{"workspace_name":"dev","build_number":"7"}""", "ann", "/@ann/dev/builds/7")]
    [InlineData(AuditResourceType.WorkspaceBuild, """{"workspace_name":"dev","build_number":7}""", "ann", "/@ann/dev/builds/7")]
    [InlineData(AuditResourceType.WorkspaceBuild, """{"workspace_name":"dev"}""", "ann", "")]
    [InlineData(AuditResourceType.WorkspaceBuild, """{"workspace_name":null,"build_number":7}""", "ann", "")]
    [InlineData(AuditResourceType.WorkspaceAgent, """{"workspace_owner":"ann","workspace_name":"dev"}""", null, "/@ann/dev")]
    [InlineData(AuditResourceType.WorkspaceApp, """{"workspace_owner":"ann","workspace_name":"dev"}""", "bob", "/@ann/dev")]
    [InlineData(AuditResourceType.WorkspaceApp, """{"workspace_owner":["ann"],"workspace_name":{}}""", null, "")]
    [InlineData(AuditResourceType.OAuth2ProviderApp, "{}", null, $"/deployment/oauth2-provider/apps/{Id}")]
    [InlineData(AuditResourceType.License, "{}", null, "")]
    public void A_resource_with_a_page_is_linked(AuditResourceType type, string fields, string? owner, string expected) =>
        AuditLink.Of(Entry(type, fields), isDeleted: false, owner).Should().Be(expected);

    [Fact]
    public void A_resource_that_is_gone_is_not_linked() =>
        AuditLink.Of(Entry(AuditResourceType.Template, "{}"), isDeleted: true, null).Should().BeEmpty();

    private static AuditEntry Entry(AuditResourceType type, string fields) => new()
    {
        Id = Guid.Empty,
        Time = default,
        UserId = Guid.Empty,
        OrganizationId = Guid.Empty,
        IpAddress = null,
        UserAgent = null,
        ResourceType = type,
        ResourceId = Guid.Parse(Id),
        ResourceTarget = "x y",
        ResourceIcon = "",
        Action = AuditAction.Create,
        Diff = [],
        StatusCode = 200,
        AdditionalFields = JsonNode.Parse(fields)!.AsObject(),
        RequestId = Guid.Empty,
    };
}
