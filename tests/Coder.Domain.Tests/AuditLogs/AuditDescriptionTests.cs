using Coder.Domain.AuditLogs;

namespace Coder.Domain.Tests.AuditLogs;

public sealed class AuditDescriptionTests
{
    [Theory]
    [InlineData(AuditResourceType.WorkspaceAgent, AuditAction.Connect, 200, "{user} connected workspace agent {target}")]
    [InlineData(AuditResourceType.WorkspaceAgent, AuditAction.Disconnect, 200, "{user} disconnected workspace agent {target}")]
    [InlineData(AuditResourceType.WorkspaceApp, AuditAction.Open, 303, "{user} was redirected attempting to open workspace app {target}")]
    [InlineData(AuditResourceType.WorkspaceApp, AuditAction.Close, 200, "{user} closed workspace app {target}")]
    [InlineData(AuditResourceType.User, AuditAction.Create, 201, "{user} created user {target}")]
    [InlineData(AuditResourceType.User, AuditAction.Write, 403, "{user} unsuccessfully attempted to write user {target}")]
    [InlineData(AuditResourceType.User, AuditAction.RequestPasswordReset, 200, "password reset requested for {target}")]
    [InlineData(AuditResourceType.User, AuditAction.RequestPasswordReset, 500, "unsuccessfully attempted to request_password_reset for {target}")]
    [InlineData(AuditResourceType.ApiKey, AuditAction.Login, 201, "{user} logged in")]
    [InlineData(AuditResourceType.ApiKey, AuditAction.Login, 401, "{user} unsuccessfully attempted to login")]
    [InlineData(AuditResourceType.ApiKey, AuditAction.Logout, 200, "{user} logged out")]
    [InlineData(AuditResourceType.ApiKey, AuditAction.Register, 201, "{user} registered")]
    [InlineData(AuditResourceType.ApiKey, AuditAction.Create, 201, "{user} created token {target}")]
    [InlineData(AuditResourceType.GitSshKey, AuditAction.Write, 200, "{user} updated the git ssh key")]
    [InlineData(AuditResourceType.ConvertLogin, AuditAction.Create, 201, "{user} created login type conversion to {target}")]
    [InlineData(AuditResourceType.WorkspaceBuild, AuditAction.Start, 200, "{user} started workspace {target}")]
    [InlineData(AuditResourceType.WorkspaceBuild, AuditAction.Stop, 200, "{user} stopped workspace {target}")]
    [InlineData(AuditResourceType.OAuth2ProviderAppSecret, AuditAction.Delete, 204, "{user} deleted oauth2 app secret {target}")]
    [InlineData(AuditResourceType.IdpSyncSettingsRole, AuditAction.Write, 200, "{user} updated settings {target}")]
    [InlineData(AuditResourceType.PrebuildsSettings, AuditAction.Write, 200, "{user} updated prebuilds_settings {target}")]
    [InlineData(AuditResourceType.OrganizationMember, AuditAction.Delete, 204, "{user} deleted organization member {target}")]
    public void An_entry_is_told_in_a_sentence(AuditResourceType type, AuditAction action, int status, string expected) =>
        AuditDescription.Of(type, action, status).Should().Be(expected);
}
