using System.Security.Claims;
using System.Text.Encodings.Web;
using Coder.Api.Http;
using Coder.Application.Licensing;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coder.Api.Authentication;

/// <summary>An open action that knows its caller when there is one; a bad credential counts as none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class OptionalAuthenticationAttribute : AllowAnonymousAttribute;

/// <summary>Authenticates users by their session or token (docs/spec/platform.md, section 5).</summary>
internal sealed class SessionTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionAuthenticator authenticator,
    IEntitlementSource entitlements,
    Deployment.AccessUrl accessUrl)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "CoderSession";

    private const string WarningHeader = "X-Coder-Entitlements-Warning";

    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(SchemeName));
    private static readonly ObjectRef DeploymentConfig = new(ResourceType.DeploymentConfig);

    private static readonly AuthenticationOutcome None = new(
        null,
        new Error(
            ErrorKind.Unauthenticated,
            ApiKeyToken.SignedOut,
            $"Cookie \"{Credentials.SessionToken}\" or query parameter must be provided."),
        CredentialProblem.None);

    private static readonly Func<object, Task> SetWarnings = handler =>
    {
        ((SessionTokenHandler)handler).AddWarnings();
        return Task.CompletedTask;
    };

    private AuthenticationOutcome _outcome = None;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.Find(Request) is not { } credential)
        {
            return AuthenticateResult.NoResult();
        }

        _outcome = await authenticator.AuthenticateAsync(credential, Context.IpAddress(), Context.RequestAborted);
        if (_outcome.Session is not { } session)
        {
            return AuthenticateResult.Fail(_outcome.Error!.Message);
        }

        Context.Features.Set(session);
        if (Authorizer.Can(session.Actor, PermissionAction.Read, DeploymentConfig))
        {
            // Not yet: the request may change what there is to warn of, and the handler of failures clears all headers.
            Response.OnStarting(SetWarnings, this);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(Principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Challenge(_outcome.Problem);
        return ErrorPresenter.WriteAsync(Context, _outcome.Error!);
    }

    private void AddWarnings()
    {
        var warnings = entitlements.Current.Warnings;
        if (warnings.Count > 0)
        {
            Response.Headers[WarningHeader] = warnings.ToArray();
        }
    }

    // RFC 6750 section 3.1: a request without any credential is told no error.
    private string Challenge(CredentialProblem problem)
    {
        var error = problem switch
        {
            CredentialProblem.Invalid => ", error=\"invalid_token\", error_description=\"The access token is invalid\"",
            CredentialProblem.Expired => ", error=\"invalid_token\", error_description=\"The access token has expired\"",
            _ => "",
        };
        return $"Bearer realm=\"coder\"{error}, resource_metadata=\"{accessUrl.Value}/.well-known/oauth-protected-resource\"";
    }
}
