using System.Security.Claims;
using System.Text.Encodings.Web;
using Coder.Api.Http;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coder.Api.Authentication;

/// <summary>An action for the agents of workspaces, who authenticate themselves by their token and have no session.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class AgentAuthenticationAttribute : AuthorizeAttribute
{
    public AgentAuthenticationAttribute() => AuthenticationSchemes = AgentTokenHandler.SchemeName;
}

/// <summary>
/// Authenticates agents (docs/spec/connection-logs.md, section 7.2). Their token stands where that of a user would. The agent is in
/// <c>HttpContext.Features</c> as <see cref="AgentSession"/>.
/// </summary>
internal sealed class AgentTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AgentAuthenticator authenticator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "CoderAgent";

    private static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(SchemeName));

    private Error _error = AgentAuthenticator.Missing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var result = await authenticator.AuthenticateAsync(Credentials.Find(Request), Context.RequestAborted);
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
