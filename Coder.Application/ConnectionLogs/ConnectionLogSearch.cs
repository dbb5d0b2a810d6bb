using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;

namespace Coder.Application.ConnectionLogs;

/// <summary>Reads a search, and turns its names into ids and its caller into what they may see.</summary>
internal sealed class ConnectionLogSearch(IConnectionLogStore log, IUserDirectory people, IOrganizationStore organizations)
{
    private const string Me = "me";

    /// <summary>What the caller may see of the log.</summary>
    public static ReadScope ScopeOf(Actor actor) => Authorizer.ReadScope(actor, Permission.ConnectionLogRead);

    /// <summary>Finds the place of a row that the caller may see.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The row.</param>
    /// <param name="field">The parameter that named it.</param>
    /// <param name="ct">Cancels the look-up.</param>
    public async Task<Result<ConnectionLogCursor>> PlaceOfAsync(Actor actor, Guid id, string field, CancellationToken ct)
    {
        var scope = ScopeOf(actor);
        var place = scope.Kind == ReadScopeKind.None ? null : await log.PlaceOfAsync(id, scope, ct);
        return place is { } found
            ? found
            : InvalidParameters(new FieldError(field, $"Query param \"{field}\" must be an entry of the connection log that you can see"));
    }

    /// <summary>Reads a search.</summary>
    /// <returns>The query, <see langword="null"/> when no row can match, or 400 with an error for each part that is wrong.</returns>
    public async Task<Result<ConnectionLogQuery?>> ResolveAsync(Actor actor, string search, CancellationToken ct)
    {
        if (!ConnectionLogQueryParser.Parse(search).Is(out var filter, out var error))
        {
            return error;
        }

        var organization = filter.Organization?.Id;
        if (filter.Organization is { Id: null, Name: var name })
        {
            organization = (await organizations.FindByNameAsync(name, ct))?.Id;
            if (organization is not { } found || !Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OfOrganization(found)))
            {
                return ConnectionLogQueryParser.UnknownOrganization(name);
            }
        }

        // Before the users: nobody may learn from the time that an answer takes whether there is one of a name.
        var scope = ScopeOf(actor);
        if (scope.Kind == ReadScopeKind.None || IsOutside(scope, organization))
        {
            return Result<ConnectionLogQuery?>.From((ConnectionLogQuery?)null);
        }

        var owners = Both(
            await ByNameAsync(actor, filter.WorkspaceOwner, ct),
            filter.WorkspaceOwnerEmail is { } owner ? await people.IdsByEmailAsync(owner, ct) : null);
        var users = Both(
            await ByNameAsync(actor, filter.Username, ct),
            filter.UserEmail is { } email ? await people.IdsEverByEmailAsync(email, ct) : null);
        return owners is [] || users is []
            ? Result<ConnectionLogQuery?>.From((ConnectionLogQuery?)null)
            : new ConnectionLogQuery
            {
                Scope = scope,
                OrganizationId = organization,
                WorkspaceOwners = owners,
                Users = users,
                Type = filter.Type,
                ConnectedAfter = filter.ConnectedAfter,
                ConnectedBefore = filter.ConnectedBefore,
                WorkspaceId = filter.WorkspaceId,
                ConnectionId = filter.ConnectionId,
                Status = filter.Status,
            };
    }

    /// <summary>The answer to parameters beside the search that can not be read.</summary>
    public static Error InvalidParameters(params FieldError[] errors) =>
        new(ErrorKind.Invalid, "Query parameters have invalid values.", null, errors);

    private async Task<IReadOnlyList<Guid>?> ByNameAsync(Actor actor, string? name, CancellationToken ct) => name switch
    {
        null => null,
        Me => [actor.UserId],
        _ => await people.IdsByUsernameAsync(name, ct),
    };

    private static bool IsOutside(ReadScope scope, Guid? organization) =>
        organization is { } id && scope.Kind == ReadScopeKind.Orgs && !scope.Organizations.Contains(id);

    private static IReadOnlyList<Guid>? Both(IReadOnlyList<Guid>? some, IReadOnlyList<Guid>? others) =>
        some is null ? others : others is null ? some : [.. some.Intersect(others)];
}
