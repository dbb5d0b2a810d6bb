using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coder.Api.Authentication;

/// <summary>Which endpoints look for a session: all but those that are open, whoever forgets to say anything.</summary>
internal static class SessionPolicy
{
    private static readonly AuthorizationPolicy Policy =
        new AuthorizationPolicyBuilder(SessionTokenHandler.SchemeName).RequireAuthenticatedUser().Build();

    /// <summary>Leaves open endpoints without a policy, so that no credential is read there, let alone looked up.</summary>
    public static void RequireSession(this IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any(data => data.AuthenticationSchemes is not null))
        {
            // It names a scheme of its own, such as that of proxies, and sessions count nothing there.
            return;
        }

        if (endpoint.Metadata.OfType<IAllowAnonymous>().LastOrDefault() is null or OptionalAuthenticationAttribute)
        {
            endpoint.Metadata.Add(new AuthorizeAttribute());
            endpoint.Metadata.Add(Policy);
        }
    });
}

/// <summary>No scheme is the default one: the policy of an endpoint names its own, and without a policy nothing is authenticated.</summary>
internal sealed class ExplicitSchemes(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
{
    public override Task<AuthenticationScheme?> GetDefaultAuthenticateSchemeAsync() => Task.FromResult<AuthenticationScheme?>(null);
}
