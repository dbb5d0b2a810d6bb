using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Whether the deployment was set up.</summary>
public sealed record HasFirstUser : IQuery<bool>;

internal sealed class HasFirstUserHandler(IUserStore users) : IRequestHandler<HasFirstUser, Result<bool>>
{
    public async Task<Result<bool>> Handle(HasFirstUser request, CancellationToken cancellationToken) => await users.AnyAsync(cancellationToken);
}
