using Coder.Domain.AuditLogs;

namespace Coder.Domain.Tests.AuditLogs;

public sealed class AuditedResourcesTests
{
    [Fact]
    public void Agents_and_applications_of_workspaces_are_not_audited() =>
        AuditedResources.All.Select(r => r.Type).Should().NotContain([AuditResourceType.WorkspaceAgent, AuditResourceType.WorkspaceApp]);

    [Fact]
    public void No_resource_stands_there_twice_or_without_actions_or_fields()
    {
        AuditedResources.All.Should().OnlyHaveUniqueItems(r => r.Type);
        AuditedResources.All.Should().OnlyContain(r => r.Actions.Count > 0 && r.Fields.Count > 0);
        AuditedResources.All.SelectMany(r => r.Fields.Select(f => (r.Type, f.Name))).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(AuditResourceType.User, "hashed_password")]
    [InlineData(AuditResourceType.WorkspaceProxy, "token_hashed_secret")]
    public void Secrets_are_masked(AuditResourceType type, string field) =>
        AuditedResources.Of(type).Fields.Should().Contain(new AuditedField(field, AuditTracking.Secret));

    [Theory]
    [InlineData(AuditResourceType.License, "jwt")]
    [InlineData(AuditResourceType.ApiKey, "hashed_secret")]
    public void Credentials_do_not_appear_at_all(AuditResourceType type, string field) =>
        AuditedResources.Of(type).Fields.Should().Contain(new AuditedField(field, AuditTracking.Ignored));

    [Fact]
    public void Only_new_actions_are_recorded() => AuditedResources.All.SelectMany(r => r.Actions).Should().NotContain(
        [AuditAction.Connect, AuditAction.Disconnect, AuditAction.Open, AuditAction.Close]);

    [Fact]
    public void Every_action_is_found_by_its_name()
    {
        foreach (var action in Enum.GetValues<AuditAction>())
        {
            AuditActions.TryParse(action.WireName(), out var found).Should().BeTrue();
            found.Should().Be(action);
        }
    }

    [Fact]
    public void Every_kind_of_resource_is_found_by_its_name()
    {
        foreach (var type in Enum.GetValues<AuditResourceType>())
        {
            AuditResourceTypes.TryParse(type.WireName(), out var found).Should().BeTrue();
            found.Should().Be(type);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Create")]
    [InlineData("1")]
    public void Other_names_are_not_found(string name)
    {
        AuditActions.TryParse(name, out _).Should().BeFalse();
        AuditResourceTypes.TryParse(name, out _).Should().BeFalse();
    }
}
