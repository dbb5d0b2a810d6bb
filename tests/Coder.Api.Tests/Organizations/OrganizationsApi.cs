using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Organizations;

/// <summary>A licensed server with an owner; every test makes organizations of its own.</summary>
public sealed class OrganizationsApi : IAsyncLifetime
{
    public const string Root = "/api/v2/organizations";

    private static int _next;

    private TestServer? _server;
    private HttpClient? _owner;

    public TestServer Server => _server!;

    public HttpClient Owner => _owner!;

    public static string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _next)}";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None);
        _owner = await _server.CreateOwnerAsync(CancellationToken.None);
        await _server.StartAuditingAsync(_owner, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Makes an organization through the API, with the owner as its only member.</summary>
    public async Task<TestOrganization> NewOrganizationAsync(CancellationToken ct)
    {
        var name = NewName("acme");
        var response = await Owner.PostAsJsonAsync(Root, new { name }, ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        return new TestOrganization((await response.JsonAsync(ct))["id"]!.GetValue<Guid>(), name);
    }

    /// <summary>Adds a user who is a member of this organization and of no other.</summary>
    public async Task<TestUser> NewMemberAsync(TestOrganization organization, CancellationToken ct, params string[] roles)
    {
        var user = await Server.AddUserAsync(new NewTestUser { IsMember = false }, ct);
        await Server.Database.AddMemberAsync(organization.Id, user.Id, roles, ct);
        return user;
    }
}

/// <summary>An organization of a test.</summary>
public sealed record TestOrganization(Guid Id, string Name)
{
    public string Path => $"{OrganizationsApi.Root}/{Name}";

    public string Members => $"{Path}/members";

    public string Roles => $"{Path}/members/roles";
}

internal static class OrganizationAnswers
{
    public const string NotFound = """{"message":"Resource not found or you do not have access to this resource"}""";

    public static async Task<JsonArray> JsonArrayAsync(this HttpResponseMessage response, CancellationToken ct) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))!.AsArray();

    public static Task<HttpResponseMessage> SetRolesAsync(
        this HttpClient client, TestOrganization organization, Guid user, string role, CancellationToken ct) =>
        client.PutAsJsonAsync($"{organization.Members}/{user}/roles", new { roles = new[] { role } }, ct);

    public static async Task IsNotFoundAsync(this HttpResponseMessage response, CancellationToken ct)
    {
        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(ct)).Should().Be(NotFound);
    }
}
