using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>Without a license templates work, and what takes one is neither stored nor applied.</summary>
public sealed class TemplateLicenseTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    private HttpClient Owner { get; set; } = null!;

    public async ValueTask InitializeAsync() => Owner = (await Server.AddUserAsync(
        new NewTestUser { Roles = ["owner"], Username = $"u{TestIds.New():N}"[..20] }, Ct)).Client;

    public ValueTask DisposeAsync()
    {
        Owner.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Schedule_and_access_control_are_passed_over()
    {
        var change = JsonNode.Parse("""
            {
              "default_ttl_ms": 3600000, "activity_bump_ms": 60000, "allow_user_autostart": false, "allow_user_autostop": false,
              "failure_ttl_ms": 60000, "time_til_dormant_ms": 60000, "time_til_dormant_autodelete_ms": 60000,
              "autostop_requirement": { "days_of_week": ["monday"], "weeks": 2 }, "autostart_requirement": { "days_of_week": ["monday"] },
              "require_active_version": true, "deprecation_message": "old", "max_port_share_level": "owner"
            }
            """);
        var template = await NewAsync();

        var changed = await (await Owner.PatchAsJsonAsync($"{TemplatesApi.Templates}/{template}", change, Ct)).JsonAsync(Ct);

        changed["default_ttl_ms"]!.GetValue<long>().Should().Be(3_600_000);
        changed["activity_bump_ms"]!.GetValue<long>().Should().Be(60_000);
        changed["allow_user_autostart"]!.GetValue<bool>().Should().BeTrue();
        changed["allow_user_autostop"]!.GetValue<bool>().Should().BeTrue();
        changed["failure_ttl_ms"]!.GetValue<long>().Should().Be(0);
        changed["autostop_requirement"]!.ToJsonString().Should().Be("""{"days_of_week":[],"weeks":1}""");
        changed["require_active_version"]!.GetValue<bool>().Should().BeFalse();
        changed["deprecated"]!.GetValue<bool>().Should().BeFalse();
        changed["max_port_share_level"]!.GetValue<string>().Should().Be("public");
        var stored = await Server.Database.ScalarAsync<string>(
            """
            select concat_ws(',', allow_user_autostart, allow_user_autostop, failure_ttl, time_til_dormant, require_active_version,
                             deprecated, autostop_requirement_days_of_week, autostart_block_days_of_week)
            from templates where id = $1
            """,
            Ct,
            template);
        stored.Should().Be("t,t,0,0,f,,0,0");
    }

    [Fact]
    public async Task What_is_stored_does_not_apply()
    {
        var template = await NewAsync();
        await Server.Database.ExecuteAsync(
            "update templates set deprecated = 'old', require_active_version = true, failure_ttl = 60000000000 where id = $1", Ct, template);

        var shown = await Owner.TemplateAsync(template, Ct);
        var names = await Owner.TemplateNamesAsync($"?q=deprecated:false%20ids:{template}", Ct);

        shown["deprecated"]!.GetValue<bool>().Should().BeFalse();
        shown["require_active_version"]!.GetValue<bool>().Should().BeFalse();
        shown["failure_ttl_ms"]!.GetValue<long>().Should().Be(0);
        names.Should().ContainSingle();
        (await Owner.TemplateNamesAsync("?q=deprecated:true", Ct)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET", "acl")]
    [InlineData("PATCH", "acl")]
    [InlineData("GET", "acl/available")]
    public async Task The_access_control_list_takes_the_feature(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{TemplatesApi.Templates}/nothing/{path}");

        var problem = await (await Owner.SendAsync(request, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Template RBAC is a Premium feature. Contact sales!" });
    }

    private async Task<Guid> NewAsync()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var user = await Server.Database.ScalarAsync<Guid>("select id from users where not is_system limit 1", Ct);
        var file = await Server.Database.AddFileAsync(user, TestIds.New().ToByteArray(), Ct);
        return await Server.Database.AddTemplateAsync(organization, user, file, "{}", "{}", Ct);
    }
}
