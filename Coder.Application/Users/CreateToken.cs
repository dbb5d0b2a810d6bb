using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Makes a token (docs/spec/platform.md, section 8.3).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Lifetime">How long it lives without being used, or <see langword="null"/> for the default.</param>
/// <param name="Scope">A wire name; empty for <c>all</c>.</param>
/// <param name="Name">Unique among the tokens of the user; empty for a random one.</param>
/// <param name="IpAddress">Where it is asked for.</param>
public sealed record CreateToken(Actor Actor, string User, TimeSpan? Lifetime, string Scope, string Name, string IpAddress)
    : ICommand<ApiKeyToken>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Create, 201);
}

internal sealed class CreateTokenValidator : AbstractValidator<CreateToken>
{
    private const int LongestName = 64;

    public CreateTokenValidator()
    {
        this.Field(r => r.Name, "token_name").Tagged("max", name => name.Length <= LongestName);
        this.Field(r => r.Scope, "scope").Tagged("oneof", scope => scope.Length == 0 || KeyScope.FromName(scope) is not null);
    }
}

internal sealed class CreateTokenHandler(
    KeyLookup lookup, ApiKeyIssuer issuer, ITokenNames names, TokenLifetimes lifetimes) : IRequestHandler<CreateToken, Result<ApiKeyToken>>
{
    // With this many names taken in a row the user has more tokens than there are names.
    private const int Attempts = 20;

    public async Task<Result<ApiKeyToken>> Handle(CreateToken request, CancellationToken cancellationToken)
    {
        var found = await lookup.FindUserAsync(
            request.Actor, request.User, PermissionAction.Create, Error.Forbidden, cancellationToken);
        if (!found.Is(out var user, out var error) || !lifetimes.Judge(request.Lifetime, user.Roles).Is(out var lifetime, out error))
        {
            return error;
        }

        var scope = KeyScope.FromName(request.Scope) ?? KeyScope.All;
        var name = request.Name;
        for (var attempt = 0; attempt < (request.Name.Length == 0 ? Attempts : 1); attempt++)
        {
            name = request.Name.Length == 0 ? names.Next() : request.Name;
            var token = await issuer.IssueAsync(user.Id, LoginType.Token, lifetime, scope, name, request.IpAddress, cancellationToken);
            if (token is { } made)
            {
                return made;
            }
        }

        return new Error(
            ErrorKind.Conflict,
            $"A token with name \"{name}\" already exists.",
            null,
            [new FieldError("name", "This value is in use already.")]);
    }
}
