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
/// <param name="Scope">A wire name; empty for <c>all</c>. It does not count where there are <see cref="Scopes"/>.</param>
/// <param name="Name">Unique among the tokens of the user; empty for a random one.</param>
/// <param name="IpAddress">Where it is asked for.</param>
public sealed record CreateToken(Actor Actor, string User, TimeSpan? Lifetime, string Scope, string Name, string IpAddress)
    : ICommand<ApiKeyToken>, ITransactional, IAudited, IActorRequest
{
    /// <summary>What the token may be used for, see <see cref="KeyScope.IsScope"/>; empty for what <see cref="Scope"/> says.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What it may be used on, see <see cref="AllowedTarget"/>; empty for everything.</summary>
    public IReadOnlyList<string> AllowList { get; init; } = [];

    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Create, 201);

    internal string? UnknownScope => Scopes.FirstOrDefault(scope => !KeyScope.IsScope(scope));

    internal string? UnknownTarget => AllowList.FirstOrDefault(entry => !AllowedTarget.TryParse(entry, out _));

    internal KeyScope WantedScope => KeyScope.Of(
        Scopes.Count > 0 ? Scopes : [Scope.Length > 0 ? Scope : KeyScope.All.Name], AllowList);
}

internal sealed class CreateTokenValidator : AbstractValidator<CreateToken>
{
    private const int LongestName = 64;
    private const int MostEntries = 128;

    public CreateTokenValidator()
    {
        this.Field(r => r.Name, "token_name").Tagged("max", name => name.Length <= LongestName);
        this.Field(r => r.Scope, "scope").Tagged("oneof", scope => scope.Length == 0 || KeyScope.FromName(scope) is not null);
        this.Field(r => r.Scopes.Count, "scopes").Tagged("max", count => count <= MostEntries);
        this.Field(r => r.UnknownScope, "scopes").Tagged("oneof", unknown => unknown is null);
        this.Field(r => r.AllowList.Count, "allow_list").Tagged("max", count => count <= MostEntries);
        this.Field(r => r.UnknownTarget, "allow_list").Tagged("oneof", unknown => unknown is null);
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
        if (!found.Is(out var user, out var error)
            || !lifetimes.Judge(request.Lifetime, user.Roles, user.IsServiceAccount).Is(out var lifetime, out error))
        {
            return error;
        }

        var scope = request.WantedScope;
        if (!request.Actor.Scope.Covers(scope))
        {
            return ApiKeyIssuer.Beyond;
        }

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
