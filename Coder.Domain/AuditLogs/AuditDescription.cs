namespace Coder.Domain.AuditLogs;

/// <summary>
/// The sentence that stands for an entry, with the placeholders <c>{user}</c> and <c>{target}</c>
/// (docs/spec/connection-logs.md, section 7.4).
/// </summary>
public static class AuditDescription
{
    private const int FirstFailure = 400;
    private const int Redirect = 303;

    /// <summary>Writes the sentence.</summary>
    /// <param name="type">The kind of resource.</param>
    /// <param name="action">What was done.</param>
    /// <param name="statusCode">What came of it.</param>
    public static string Of(AuditResourceType type, AuditAction action, int statusCode)
    {
        var subject = action == AuditAction.RequestPasswordReset ? "" : "{user} ";
        var sentence = subject + statusCode switch
        {
            Redirect => $"was redirected attempting to {action.WireName()}",
            >= FirstFailure => $"unsuccessfully attempted to {action.WireName()}",
            _ => PastForm(action),
        };
        if (type == AuditResourceType.ApiKey && action is AuditAction.Login or AuditAction.Logout or AuditAction.Register)
        {
            return sentence;
        }

        if (type == AuditResourceType.GitSshKey)
        {
            return sentence + " the git ssh key";
        }

        sentence += action == AuditAction.RequestPasswordReset ? " for" : $" {FriendlyName(type)}";
        return sentence + (type == AuditResourceType.ConvertLogin ? " to {target}" : " {target}");
    }

    /// <summary>The kind of resource in words.</summary>
    public static string FriendlyName(AuditResourceType type) => type switch
    {
        AuditResourceType.WorkspaceBuild => "workspace",
        AuditResourceType.ApiKey => "token",
        AuditResourceType.ConvertLogin => "login type conversion",
        AuditResourceType.OAuth2ProviderApp => "oauth2 app",
        AuditResourceType.OAuth2ProviderAppSecret => "oauth2 app secret",
        AuditResourceType.IdpSyncSettingsOrganization or AuditResourceType.IdpSyncSettingsGroup or AuditResourceType.IdpSyncSettingsRole => "settings",
        AuditResourceType.HealthSettings or AuditResourceType.NotificationsSettings or AuditResourceType.PrebuildsSettings => type.WireName(),
        _ => type.WireName().Replace('_', ' '),
    };

    private static string PastForm(AuditAction action) => action switch
    {
        AuditAction.Create => "created",
        AuditAction.Write => "updated",
        AuditAction.Delete => "deleted",
        AuditAction.Start => "started",
        AuditAction.Stop => "stopped",
        AuditAction.Login => "logged in",
        AuditAction.Logout => "logged out",
        AuditAction.Register => "registered",
        AuditAction.RequestPasswordReset => "password reset requested",
        AuditAction.Connect => "connected",
        AuditAction.Disconnect => "disconnected",
        AuditAction.Open => "opened",
        AuditAction.Close => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
