using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Authorization;
using Coder.Domain.Authorization;

namespace Coder.Api.Authorization;

/// <summary>Questions of the form "may I do this?".</summary>
/// <param name="Checks">The questions by names of your choice.</param>
public sealed record AuthorizationRequestJson(IReadOnlyDictionary<string, AuthorizationCheckJson?>? Checks);

/// <summary>One question.</summary>
/// <param name="Action">What would be done. What is not known is answered with no.</param>
/// <param name="Target">What it would be done to.</param>
public sealed record AuthorizationCheckJson(
    [property: WireNames(typeof(PermissionAction))] string? Action,
    [property: JsonPropertyName("object")] AuthorizationObjectJson? Target)
{
    internal AuthorizationCheck ToCheck() => new(
        Target?.ResourceType, Target?.ResourceId, Target?.OwnerId, Target?.OrganizationId, Target?.AnyOrg ?? false, Action);
}

/// <summary>What a question is about.</summary>
/// <param name="ResourceType">The type; required.</param>
/// <param name="ResourceId">An existing workspace, template, user or group; at most 10 checks of one request may have one.</param>
/// <param name="OwnerId">Whose object it would be: an id, or <c>me</c>.</param>
/// <param name="OrganizationId">In which organization.</param>
/// <param name="AnyOrg">Whether any one organization is enough.</param>
public sealed record AuthorizationObjectJson(
    [property: WireNames(typeof(ResourceType))] string? ResourceType,
    string? ResourceId,
    string? OwnerId,
    string? OrganizationId,
    bool? AnyOrg);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuthorizationRequestJson))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, bool>))]
internal sealed partial class AuthorizationJsonContext : JsonSerializerContext;
