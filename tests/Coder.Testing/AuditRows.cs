using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coder.Testing;

/// <summary>One entry of the audit log as it is stored.</summary>
/// <param name="UserId">Who acted.</param>
/// <param name="OrganizationId">The organization of the resource, or nil.</param>
/// <param name="ResourceType">The kind of resource.</param>
/// <param name="ResourceId">The resource.</param>
/// <param name="Target">The name of the resource.</param>
/// <param name="Action">What was done.</param>
/// <param name="StatusCode">What came of it.</param>
/// <param name="Diff">What changed.</param>
/// <param name="AdditionalFields">What else is known.</param>
/// <param name="RequestId">The request, or nil.</param>
/// <param name="Ip">Where it came from.</param>
/// <param name="UserAgent">What the client calls itself.</param>
public sealed record AuditRow(
    Guid UserId,
    Guid OrganizationId,
    string ResourceType,
    Guid ResourceId,
    string Target,
    string Action,
    int StatusCode,
    JsonObject Diff,
    JsonObject AdditionalFields,
    Guid RequestId,
    string? Ip,
    string? UserAgent);

/// <summary>Reads the audit log from the database.</summary>
public static class AuditRows
{
    private const string All = """
        select coalesce(json_agg(json_build_object(
            'user_id', user_id, 'organization_id', organization_id, 'resource_type', resource_type, 'resource_id', resource_id,
            'target', resource_target, 'action', action, 'status_code', status_code, 'diff', diff, 'additional_fields', additional_fields,
            'request_id', request_id, 'ip', host(ip), 'user_agent', user_agent) order by time, id), '[]')::text
        from audit_logs
        """;

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>All entries, oldest first.</summary>
    public static async Task<IReadOnlyList<AuditRow>> AuditRowsAsync(this TestDatabase database, CancellationToken ct) =>
        JsonSerializer.Deserialize<AuditRow[]>((await database.ScalarAsync<string>(All, ct))!, Names)!;

    /// <summary>The entries about one kind of resource, oldest first.</summary>
    public static async Task<IReadOnlyList<AuditRow>> AuditRowsAsync(this TestDatabase database, string resourceType, CancellationToken ct) =>
        [.. (await database.AuditRowsAsync(ct)).Where(row => row.ResourceType == resourceType)];

    /// <summary>Gives the server a license with every premium feature, so that it records, and throws away what that itself recorded.</summary>
    public static async Task StartAuditingAsync(this TestServer server, HttpClient owner, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(owner);
        (await owner.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License() }, ct)).EnsureSuccessStatusCode();
        await server.Database.ExecuteAsync("truncate audit_logs", ct);
    }
}
