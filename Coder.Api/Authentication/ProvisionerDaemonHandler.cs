using System.Security.Claims;
using System.Text.Encodings.Web;
using Coder.Api.Http;
using Coder.Application.Provisioning;
using Coder.Application.Users;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coder.Api.Authentication;

/// <summary>An action for provisioner daemons, whoever drives them. The caller is a <see cref="DaemonCaller"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class DaemonAuthenticationAttribute : AuthorizeAttribute
{
    public DaemonAuthenticationAttribute() => AuthenticationSchemes = ProvisionerDaemonHandler.SchemeName;
}

/// <summary>
/// Authenticates provisioner daemons (docs/spec/workspaces.md, section 5): by the shared secret, by a key, or else by the session of a
/// user. The caller is in <c>HttpContext.Features</c> as <see cref="DaemonCaller"/>.
/// </summary>
internal sealed class ProvisionerDaemonHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DaemonAuthenticator authenticator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "CoderProvisionerDaemon";

    /// <summary>Where the shared secret stands.</summary>
    public const string SecretHeader = "Coder-Provisioner-Daemon-PSK";

    /// <summary>Where a key stands.</summary>
    public const string KeyHeader = "Coder-Provisioner-Daemon-Key";

    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(SchemeName));

    private Error? _error;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[SecretHeader] is [{ Length: > 0 } secret])
        {
            return Judge(authenticator.BySecret(secret));
        }

        if (Request.Headers[KeyHeader] is [{ Length: > 0 } key])
        {
            return Judge(await authenticator.ByKeyAsync(key, Context.RequestAborted));
        }

        var session = await Context.AuthenticateAsync(SessionTokenHandler.SchemeName);
        return session.Succeeded && Context.Features.Get<Session>() is { } found ? Judge(DaemonCaller.Of(found.Actor)) : session;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        _error is { } error ? ErrorPresenter.WriteAsync(Context, error) : Context.ChallengeAsync(SessionTokenHandler.SchemeName);

    private AuthenticateResult Judge(Result<DaemonCaller> result)
    {
        if (!result.Is(out var caller, out var error))
        {
            _error = error;
            return AuthenticateResult.Fail(error.Message);
        }

        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(Principal, SchemeName));
    }
}
