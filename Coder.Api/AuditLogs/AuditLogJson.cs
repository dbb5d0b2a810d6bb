using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Coder.Api.Organizations;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Workspaces;

namespace Coder.Api.AuditLogs;

/// <summary>A page of the audit log.</summary>
/// <param name="AuditLogs">The newest entries first.</param>
/// <param name="Count">How many entries match in all, whatever the page.</param>
public sealed record AuditLogResponseJson(IAsyncEnumerable<AuditLogJson> AuditLogs, long Count);

/// <summary>What changed in one field.</summary>
/// <param name="Old">The value before.</param>
/// <param name="New">The value after.</param>
/// <param name="Secret">Whether the values are not shown.</param>
public sealed record AuditDiffFieldJson(JsonElement? Old, JsonElement? New, bool Secret);

/// <summary>One entry of the audit log.</summary>
public sealed record AuditLogJson
{
    /// <summary>Grows with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The request, as its answer named it in <c>X-Coder-Request-Id</c>; nil for work of the server itself.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Nil for the deployment as a whole. Use <c>organization</c> instead.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The organization of the resource; left out for the deployment as a whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MinimalOrganizationJson? Organization { get; init; }

    /// <summary>Where it came from; empty when unknown.</summary>
    public required string Ip { get; init; }

    /// <summary>What the client calls itself; empty when unknown.</summary>
    public required string UserAgent { get; init; }

    /// <summary>The kind of resource.</summary>
    [WireNames(typeof(AuditResourceType))]
    public required string ResourceType { get; init; }

    /// <summary>The resource.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>The name of the resource at that time.</summary>
    public required string ResourceTarget { get; init; }

    /// <summary>The picture of the resource; may be empty.</summary>
    public required string ResourceIcon { get; init; }

    /// <summary>What was done.</summary>
    [WireNames(typeof(AuditAction))]
    public required string Action { get; init; }

    /// <summary>What changed, by field; empty for attempts that failed.</summary>
    public required IReadOnlyDictionary<string, AuditDiffFieldJson> Diff { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public required int StatusCode { get; init; }

    /// <summary>What else is known; depends on the kind of resource.</summary>
    public required JsonElement AdditionalFields { get; init; }

    /// <summary>A sentence with the placeholders <c>{user}</c> and <c>{target}</c>.</summary>
    public required string Description { get; init; }

    /// <summary>Where the dashboard shows the resource; empty when it does not.</summary>
    public required string ResourceLink { get; init; }

    /// <summary>Whether the resource is gone.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary>Who acted; null when nobody was signed in.</summary>
    public required UserJson? User { get; init; }

    internal static AuditLogJson From(AuditLogView view)
    {
        var entry = view.Entry;
        return new AuditLogJson
        {
            Id = entry.Id,
            RequestId = entry.RequestId,
            Time = entry.Time,
            OrganizationId = entry.OrganizationId,
            Organization = view.Organization is { } organization ? MinimalOrganizationJson.From(organization) : null,
            Ip = entry.IpAddress ?? "",
            UserAgent = entry.UserAgent ?? "",
            ResourceType = entry.ResourceType.WireName(),
            ResourceId = entry.ResourceId,
            ResourceTarget = entry.ResourceTarget,
            ResourceIcon = entry.ResourceIcon,
            Action = entry.Action.WireName(),
            Diff = entry.Diff.ToDictionary(field => field.Key, field => Field(field.Value as JsonObject), StringComparer.Ordinal),
            StatusCode = entry.StatusCode,
            AdditionalFields = Element(entry.AdditionalFields),
            Description = view.Description,
            ResourceLink = view.Link,
            IsDeleted = view.IsDeleted,
            User = view.User is { } user ? UserJson.From(user) : null,
        };
    }

    // An absent value is null in JSON, which is an element of its own.
    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node, AuditLogsJsonContext.Default.JsonNode);

    private static AuditDiffFieldJson Field(JsonObject? field) =>
        new(Element(field?["old"]), Element(field?["new"]), field?["secret"] is JsonValue secret && secret.TryGetValue<bool>(out var isSecret) && isSecret);
}

/// <summary>An entry to be made up, for tests of whatever reads the log.</summary>
/// <param name="Action">What it says was done; <c>write</c> when left out.</param>
/// <param name="ResourceType">The kind of resource; <c>user</c> when left out.</param>
/// <param name="ResourceId">The resource; random when left out.</param>
/// <param name="AdditionalFields">Stored as it is; an empty object when left out.</param>
/// <param name="Time">When it says it happened; now when left out.</param>
/// <param name="OrganizationId">Nil, or left out: the deployment as a whole.</param>
/// <param name="RequestId">Nil, or left out: none.</param>
/// <param name="BuildReason">Taken for compatibility and not used.</param>
public sealed record CreateTestAuditLogRequestJson(
    [property: WireNames(typeof(AuditAction))] string? Action,
    [property: WireNames(typeof(AuditResourceType))] string? ResourceType,
    Guid? ResourceId,
    JsonElement? AdditionalFields,
    DateTimeOffset? Time,
    Guid? OrganizationId,
    Guid? RequestId,
    [property: WireNames(typeof(BuildReason))] string? BuildReason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuditLogResponseJson))]
[JsonSerializable(typeof(CreateTestAuditLogRequestJson))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class AuditLogsJsonContext : JsonSerializerContext;
