using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Authorization;

public sealed class AuthCheckTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v2/authcheck";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    /// <summary>What the dashboard asks on every page, and what a plain member is told.</summary>
    public static TheoryData<string, string, string, bool, bool> OfTheDashboard => new()
    {
        { "viewAllUsers", "user", "read", false, false },
        { "updateUsers", "user", "update", false, false },
        { "createUser", "user", "create", false, false },
        { "createTemplates", "template", "create", true, false },
        { "updateTemplates", "template", "update", false, false },
        { "deleteTemplates", "template", "delete", false, false },
        { "viewDeploymentConfig", "deployment_config", "read", false, false },
        { "editDeploymentConfig", "deployment_config", "update", false, false },
        { "viewDeploymentStats", "deployment_stats", "read", false, false },
        { "readWorkspaceProxies", "workspace_proxy", "read", false, true },
        { "editWorkspaceProxies", "workspace_proxy", "create", false, false },
        { "createOrganization", "organization", "create", false, false },
        { "viewAnyGroup", "group", "read", false, false },
        { "createGroup", "group", "create", false, false },
        { "viewAllLicenses", "license", "read", false, false },
        { "viewNotificationTemplate", "notification_template", "read", false, false },
        { "viewOrganizationIDPSyncSettings", "idpsync_settings", "read", false, false },
        { "viewAnyMembers", "organization_member", "read", true, false },
        { "editAnyGroups", "group", "update", true, false },
        { "assignAnyRoles", "assign_org_role", "assign", true, false },
        { "viewAnyIdpSyncSettings", "idpsync_settings", "read", true, false },
        { "editAnySettings", "organization", "update", true, false },
        { "viewAnyAuditLog", "audit_log", "read", true, false },
        { "viewAnyConnectionLog", "connection_log", "read", true, false },
        { "viewDebugInfo", "debug_info", "read", false, false },
    };

    [Theory]
    [MemberData(nameof(OfTheDashboard))]
    public async Task An_owner_may_do_all_that_the_dashboard_asks_for_and_a_member_hardly_anything(
        string name, string type, string action, bool anyOrg, bool member)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        using var plain = await Server.AddUserAsync(Ct);
        var checks = new JsonObject { [name] = Check(type, action, ("any_org", anyOrg)) };

        (await AskAsync(owner, checks))[name]!.GetValue<bool>().Should().BeTrue();
        (await AskAsync(plain, checks))[name]!.GetValue<bool>().Should().Be(member);
    }

    [Fact]
    public async Task All_checks_are_answered_by_their_names()
    {
        using var user = await Server.AddUserAsync(Ct);

        var answers = await AskAsync(user, new JsonObject
        {
            ["yes"] = Check("workspace_proxy", "read"),
            ["Another Name"] = Check("license", "read"),
        });

        answers.ToJsonString().Should().Be("""{"yes":true,"Another Name":false}""");
    }

    [Theory]
    [InlineData("no_such_type", "read")]
    [InlineData("*", "read")]
    [InlineData("User", "read")]
    [InlineData("user", "no_such_action")]
    [InlineData("user", "*")]
    [InlineData("user", "")]
    [InlineData("license", "update")]
    public async Task What_this_server_does_not_know_is_answered_with_no(string type, string action)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var answers = await AskAsync(owner, new JsonObject { ["k"] = Check(type, action) });

        answers["k"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Me_as_the_owner_is_the_caller()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var answers = await AskAsync(user, new JsonObject
        {
            ["mine"] = Check("workspace", "create", ("owner_id", "me"), ("organization_id", organization.ToString())),
            ["by id"] = Check("workspace", "create", ("owner_id", user.Id.ToString()), ("organization_id", organization.ToString())),
            ["theirs"] = Check("workspace", "create", ("owner_id", other.Id.ToString()), ("organization_id", organization.ToString())),
            ["nobodys"] = Check("workspace", "create", ("owner_id", "you"), ("organization_id", organization.ToString())),
            ["nowhere"] = Check("workspace", "create", ("owner_id", "me"), ("organization_id", "somewhere")),
            ["elsewhere"] = Check("workspace", "create", ("owner_id", "me"), ("organization_id", Guid.AllBitsSet.ToString())),
        });

        answers.ToJsonString().Should().Be(
            """{"mine":true,"by id":true,"theirs":false,"nobodys":false,"nowhere":false,"elsewhere":false}""");
    }

    [Fact]
    public async Task An_organization_s_roles_count_in_that_organization_only()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-admin"] }, Ct);
        var mine = await Server.Database.DefaultOrganizationAsync(Ct);
        var other = await Server.Database.AddOrganizationAsync("authcheck-other", Ct);

        var answers = await AskAsync(user, new JsonObject
        {
            ["mine"] = Check("group", "create", ("organization_id", mine.ToString())),
            ["other"] = Check("group", "create", ("organization_id", other.ToString())),
            ["any"] = Check("group", "create", ("any_org", true)),
            ["site"] = Check("group", "create"),
        });

        answers.ToJsonString().Should().Be("""{"mine":true,"other":false,"any":true,"site":false}""");
    }

    [Fact]
    public async Task Users_are_found_by_their_ids_and_hidden_or_missing_ones_are_answered_with_no()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var deleted = await Server.AddUserAsync(Ct);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, deleted.Id);
        var checks = new JsonObject
        {
            ["me"] = Check("user", "update_personal", ("resource_id", user.Id.ToString())),
            ["other"] = Check("user", "update", ("resource_id", other.Id.ToString())),
            ["deleted"] = Check("user", "read", ("resource_id", deleted.Id.ToString())),
            ["missing"] = Check("user", "read", ("resource_id", Guid.AllBitsSet.ToString())),
        };

        var asUser = await AskAsync(user, checks);
        var asAdmin = await AskAsync(admin, checks);

        asUser.ToJsonString().Should().Be("""{"me":true,"other":false,"deleted":false,"missing":false}""");
        asAdmin.ToJsonString().Should().Be("""{"me":true,"other":true,"deleted":false,"missing":false}""");
    }

    [Fact]
    public async Task What_a_check_says_about_owner_and_organization_counts_nothing_when_it_names_an_object()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);

        var answers = await AskAsync(user, new JsonObject
        {
            ["k"] = Check("user", "read", ("resource_id", other.Id.ToString()), ("owner_id", "me")),
        });

        answers["k"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Groups_are_found_by_their_ids_and_readable_by_their_members()
    {
        using var inside = await Server.AddUserAsync(Ct);
        using var outside = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var group = await Server.Database.AddGroupAsync(organization, "authcheck-group", [inside.Id], Ct);
        var checks = new JsonObject
        {
            ["read"] = Check("group", "read", ("resource_id", group.ToString())),
            ["update"] = Check("group", "update", ("resource_id", group.ToString())),
        };

        (await AskAsync(inside, checks)).ToJsonString().Should().Be("""{"read":true,"update":false}""");
        (await AskAsync(outside, checks)).ToJsonString().Should().Be("""{"read":false,"update":false}""");
    }

    [Theory]
    [InlineData("template")]
    [InlineData("workspace")]
    public async Task Objects_that_do_not_exist_are_answered_with_no(string type)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var answers = await AskAsync(owner, new JsonObject { ["k"] = Check(type, "read", ("resource_id", Guid.AllBitsSet.ToString())) });

        answers["k"]!.GetValue<bool>().Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"checks":{"k":{"object":{"resource_type":""},"action":"read"}}}""")]
    [InlineData("""{"checks":{"k":{"object":{},"action":"read"}}}""")]
    [InlineData("""{"checks":{"k":{"action":"read"}}}""")]
    [InlineData("""{"checks":{"k":null}}""")]
    public async Task A_check_needs_a_type(string body)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await owner.Client.PostRawAsync(Path, body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Object's \"resource_type\" field must be defined for key \"k\".",
        });
    }

    [Theory]
    [InlineData("license")]
    [InlineData("organization")]
    [InlineData("workspace_dormant")]
    public async Task Only_workspaces_templates_users_and_groups_are_named_by_id(string type)
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await PostAsync(owner, new JsonObject { ["k"] = Check(type, "read", ("resource_id", Guid.AllBitsSet.ToString())) });

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = $"Objects of type \"{type}\" can not be named by \"resource_id\" (key \"k\").",
        });
    }

    [Fact]
    public async Task An_id_must_be_a_uuid()
    {
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);

        var response = await PostAsync(owner, new JsonObject { ["k"] = Check("user", "read", ("resource_id", "me")) });

        (await response.ProblemAsync(Ct)).Message.Should().Be("Object's \"resource_id\" field must be a uuid for key \"k\".");
    }

    [Theory]
    [InlineData(10, HttpStatusCode.OK)]
    [InlineData(11, HttpStatusCode.BadRequest)]
    public async Task At_most_ten_checks_of_a_request_name_an_object(int count, HttpStatusCode status)
    {
        using var user = await Server.AddUserAsync(Ct);
        var checks = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            checks[$"k{i}"] = Check("user", "read", ("resource_id", user.Id.ToString()));
        }

        checks["without"] = Check("user", "read");
        var response = await PostAsync(user, checks);

        response.StatusCode.Should().Be(status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"checks":null}""")]
    [InlineData("""{"checks":{}}""")]
    public async Task No_question_gets_no_answer(string body)
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.PostRawAsync(Path, body, null, Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("{}");
    }

    [Fact]
    public async Task A_key_that_only_opens_applications_may_do_nothing_else()
    {
        using var owner = await Server.AddUserAsync(new NewTestUser { Roles = ["owner"], Scope = KeyScope.ApplicationConnect }, Ct);

        var answers = await AskAsync(owner, new JsonObject
        {
            ["no"] = Check("user", "read"),
            ["yes"] = Check("workspace", "application_connect"),
        });

        answers.ToJsonString().Should().Be("""{"no":false,"yes":true}""");
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_not_answered()
    {
        var response = await Server.Anonymous.PostRawAsync(Path, "{}", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private static JsonObject Check(string type, string action, params (string Name, JsonNode? Value)[] more)
    {
        var target = new JsonObject { ["resource_type"] = type };
        foreach (var (name, value) in more)
        {
            target[name] = value;
        }

        return new JsonObject { ["object"] = target, ["action"] = action };
    }

    private static Task<HttpResponseMessage> PostAsync(TestUser user, JsonObject checks) =>
        user.Client.PostAsJsonAsync(Path, new JsonObject { ["checks"] = checks.DeepClone() }, Ct);

    private static async Task<JsonObject> AskAsync(TestUser user, JsonObject checks)
    {
        var response = await PostAsync(user, checks);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.JsonAsync(Ct);
    }
}
