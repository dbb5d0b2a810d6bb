using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Authorization;

/// <summary>Answers questions of the form "may I do this?" (docs/spec/platform.md, section 8.5).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Checks">The questions by names that the caller chose.</param>
public sealed record CheckAuthorization(Actor Actor, IReadOnlyDictionary<string, AuthorizationCheck> Checks)
    : IQuery<IReadOnlyDictionary<string, bool>>, IActorRequest;

/// <summary>One question, as a client writes it; empty texts count as absent.</summary>
/// <param name="ResourceType">The type of the object.</param>
/// <param name="ResourceId">One existing object of a type that allows it; owner and organization are then those of the object.</param>
/// <param name="OwnerId">Whose object it would be: an id, or <c>me</c>.</param>
/// <param name="OrganizationId">In which organization.</param>
/// <param name="AnyOrganization">Whether any one organization is enough.</param>
/// <param name="Action">What would be done.</param>
public sealed record AuthorizationCheck(
    string? ResourceType, string? ResourceId, string? OwnerId, string? OrganizationId, bool AnyOrganization, string? Action);

internal sealed class CheckAuthorizationHandler(IEnumerable<IAuthorizationObjects> objects)
    : IRequestHandler<CheckAuthorization, Result<IReadOnlyDictionary<string, bool>>>
{
    private const int MaximumIds = 10;

    public async Task<Result<IReadOnlyDictionary<string, bool>>> Handle(CheckAuthorization request, CancellationToken cancellationToken)
    {
        var questions = new List<Question>(request.Checks.Count);
        foreach (var (key, check) in request.Checks)
        {
            if (!Read(key, check).Is(out var question, out var error))
            {
                return error;
            }

            questions.Add(question);
        }

        if (questions.Count(q => q.Id is not null) > MaximumIds)
        {
            return new Error(ErrorKind.Invalid, $"At most {MaximumIds} checks of one request may have a \"resource_id\".");
        }

        var found = await FindAsync(questions, cancellationToken);
        return questions.ToDictionary(q => q.Key, q => Judge(request.Actor, q, found), StringComparer.Ordinal);
    }

    private static Result<Question> Read(string key, AuthorizationCheck check)
    {
        if (string.IsNullOrEmpty(check.ResourceType))
        {
            return new Error(ErrorKind.Invalid, $"Object's \"resource_type\" field must be defined for key \"{key}\".");
        }

        ResourceType? type = ResourceTypes.TryParse(check.ResourceType, out var known) ? known : null;
        PermissionAction? action = PermissionActions.TryParse(check.Action, out var parsed) ? parsed : null;
        if (string.IsNullOrEmpty(check.ResourceId))
        {
            return new Question(key, type, action, null, check);
        }

        if (type is not (null or ResourceType.Workspace or ResourceType.Template or ResourceType.User or ResourceType.Group))
        {
            return new Error(
                ErrorKind.Invalid, $"Objects of type \"{check.ResourceType}\" can not be named by \"resource_id\" (key \"{key}\").");
        }

        return Guid.TryParseExact(check.ResourceId, "D", out var id)
            ? new Question(key, type, action, id, check)
            : new Error(ErrorKind.Invalid, $"Object's \"resource_id\" field must be a uuid for key \"{key}\".");
    }

    // One statement for each type, however many checks ask for it.
    private async Task<Dictionary<(ResourceType Type, Guid Id), ObjectRef>> FindAsync(List<Question> questions, CancellationToken ct)
    {
        var found = new Dictionary<(ResourceType Type, Guid Id), ObjectRef>();
        foreach (var source in objects)
        {
            var ids = questions.Where(q => q.Type == source.Type && q.Id is not null).Select(q => q.Id!.Value).Distinct().ToArray();
            if (ids.Length == 0)
            {
                continue;
            }

            foreach (var (id, target) in await source.FindAsync(ids, ct))
            {
                found[(source.Type, id)] = target;
            }
        }

        return found;
    }

    private static bool Judge(Actor actor, Question question, Dictionary<(ResourceType Type, Guid Id), ObjectRef> found)
    {
        if (question.Type is not { } type || question.Action is not { } action)
        {
            return false;
        }

        if (question.Id is { } id)
        {
            return found.TryGetValue((type, id), out var target)
                && Authorizer.Can(actor, PermissionAction.Read, target)
                && Allows(actor, action, target);
        }

        // What is no id names nobody, and so nothing that could be allowed.
        return ToId(question.Check.OwnerId, actor.UserId, out var owner)
            && ToId(question.Check.OrganizationId, null, out var organization)
            && Allows(
                actor,
                action,
                new ObjectRef(type) { Owner = owner, Organization = organization, AnyOrg = question.Check.AnyOrganization });
    }

    private static bool Allows(Actor actor, PermissionAction action, in ObjectRef target) =>
        target.Type == ResourceType.Workspace ? Authorizer.CanWorkspace(actor, action, target) : Authorizer.Can(actor, action, target);

    private static bool ToId(string? text, Guid? me, out Guid? id)
    {
        id = text == "me" ? me : Guid.TryParseExact(text, "D", out var parsed) ? parsed : null;
        return id is not null || string.IsNullOrEmpty(text);
    }

    private sealed record Question(string Key, ResourceType? Type, PermissionAction? Action, Guid? Id, AuthorizationCheck Check);
}
