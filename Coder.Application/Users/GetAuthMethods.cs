using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>How users can sign in here.</summary>
public sealed record GetAuthMethods : IQuery<AuthMethods>;

/// <summary>The ways to sign in that this deployment has switched on.</summary>
/// <param name="Password">Whether users sign in with passwords.</param>
public sealed record AuthMethods(bool Password);

internal sealed class GetAuthMethodsHandler(SessionOptions options) : IRequestHandler<GetAuthMethods, Result<AuthMethods>>
{
    public Task<Result<AuthMethods>> Handle(GetAuthMethods request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<AuthMethods>.From(new AuthMethods(!options.DisablePasswordAuth)));
}
