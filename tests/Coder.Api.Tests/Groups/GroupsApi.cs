using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Groups;

/// <summary>A server whose license gives groups, for all tests of a class.</summary>
public sealed class GroupsServer : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;

    /// <summary>The server.</summary>
    public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Who may do everything.</summary>
    public HttpClient Owner => _owner ?? throw new InvalidOperationException("There is no owner yet.");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None);
        _owner = await Server.CreateOwnerAsync(CancellationToken.None);
        await Server.StartAuditingAsync(Owner, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The endpoints of groups as a client sees them.</summary>
internal static class GroupsApi
{
    public const string Groups = "/api/v2/groups";
    public const string OfDefault = "/api/v2/organizations/default/groups";

    public static async Task<JsonObject> CreateGroupAsync(this HttpClient client, string name, CancellationToken ct)
    {
        using var response = await client.PostAsJsonAsync(OfDefault, new { name }, ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        return await response.JsonAsync(ct);
    }

    public static Task<HttpResponseMessage> PatchGroupAsync(this HttpClient client, object id, object change, CancellationToken ct) =>
        client.PatchAsJsonAsync($"{Groups}/{id}", change, ct);

    public static async Task<JsonArray> ListGroupsAsync(this HttpClient client, string query, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonArray>(Groups + query, ct))!;

    public static async Task<JsonObject> GroupAsync(this HttpClient client, object id, CancellationToken ct) =>
        (await client.GetFromJsonAsync<JsonObject>($"{Groups}/{id}", ct))!;

    public static Guid Id(this JsonNode group) => group["id"]!.GetValue<Guid>();

    public static string[] Names(this JsonArray groups) => [.. groups.Select(g => g!["name"]!.GetValue<string>())];

    public static Guid[] Members(this JsonNode group) => [.. group["members"]!.AsArray().Select(m => m!.Id())];

    public static int Count(this JsonNode group) => group["total_member_count"]!.GetValue<int>();
}
