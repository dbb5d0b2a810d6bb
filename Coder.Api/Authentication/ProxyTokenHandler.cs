using System.Security.Claims;
using System.Text.Encodings.Web;
using Coder.Api.Http;
using Coder.Application.WorkspaceProxies;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coder.Api.Authentication;

/// <summary>An action for workspace proxies, who authenticate themselves by their token and have no session.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ProxyAuthenticationAttribute : AuthorizeAttribute
{
    public ProxyAuthenticationAttribute() => AuthenticationSchemes = ProxyTokenHandler.SchemeName;
}

/// <summary>
/// Authenticates workspace proxies (docs/spec/connection-logs.md, section 7.3). The proxy is in <c>HttpContext.Features</c> as
/// <see cref="ProxySession"/>.
/// </summary>
internal sealed class ProxyTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ProxyAuthenticator authenticator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "CoderProxy";

    /// <summary>Where the token stands.</summary>
    public const string Header = "Coder-External-Proxy-Token";

    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(SchemeName));

    private Error _error = ProxyAuthenticator.Missing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var result = await authenticator.AuthenticateAsync(Request.Headers[Header].ToString(), Context.RequestAborted);
        if (!result.Is(out var session, out var error))
        {
            _error = error;
            return AuthenticateResult.Fail(error.Message);
        }

        Context.Features.Set(session);
        return AuthenticateResult.Success(new AuthenticationTicket(Principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => ErrorPresenter.WriteAsync(Context, _error);
}
