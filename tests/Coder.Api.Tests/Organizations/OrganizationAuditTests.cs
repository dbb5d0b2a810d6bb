using System.Net.Http.Json;
using Coder.Testing;

namespace Coder.Api.Tests.Organizations;

/// <summary>Every write is recorded, and so is every attempt on something that was found.</summary>
public sealed class OrganizationAuditTests(OrganizationsApi api) : IClassFixture<OrganizationsApi>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Owner => api.Owner;

    [Fact]
    public async Task The_life_of_an_organization_is_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        await Owner.PatchAsJsonAsync(organization.Path, new { description = "new" }, Ct);
        Tick();
        await Owner.DeleteAsync(organization.Path, Ct);
        Tick();

        var rows = await RowsAsync(organization, "organization");
        rows.Select(r => (r.Action, r.StatusCode, r.ResourceId, r.Target)).Should().Equal(
            ("create", 201, organization.Id, organization.Name),
            ("write", 200, organization.Id, organization.Name),
            ("delete", 200, organization.Id, organization.Name));
        rows[0].Diff["name"]!.ToJsonString().Should().Be($$"""{"new":"{{organization.Name}}","old":"","secret":false}""");
        rows[1].Diff["description"]!.ToJsonString().Should().Be("""{"new":"new","old":"","secret":false}""");
        rows[1].Diff.Select(f => f.Key).Should().BeEquivalentTo("description", "updated_at");
        rows[2].Diff["name"]!["new"]!.GetValue<string>().Should().BeEmpty();
    }

    [Fact]
    public async Task Failed_writes_of_organizations_are_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        using var member = await api.NewMemberAsync(organization, Ct);
        await member.Client.PatchAsJsonAsync(organization.Path, new { description = "new" }, Ct);
        Tick();
        await Owner.DeleteAsync(organization.Path, Ct);
        Tick();
        await Owner.PostAsJsonAsync(OrganizationsApi.Root, new { name = organization.Name }, Ct);
        Tick();

        var rows = await RowsAsync(organization, "organization");
        var taken = (await api.Server.Database.AuditRowsAsync("organization", Ct)).Last(r => r.Target == organization.Name);

        rows.Skip(1).Select(r => (r.Action, r.StatusCode, r.ResourceId)).Should().Equal(
            ("write", 403, organization.Id), ("delete", 409, organization.Id));
        rows.Skip(1).Should().OnlyContain(r => r.Diff.Count == 0);
        taken.Should().BeEquivalentTo(new { Action = "create", StatusCode = 409, ResourceId = Guid.Empty, OrganizationId = Guid.Empty });
    }

    [Fact]
    public async Task The_life_of_a_membership_is_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        using var user = await api.Server.AddUserAsync(Ct);
        await Owner.PostAsync($"{organization.Members}/{user.Id}", null, Ct);
        Tick();
        await Owner.SetRolesAsync(organization, user.Id, "organization-auditor", Ct);
        Tick();
        await Owner.DeleteAsync($"{organization.Members}/{user.Id}", Ct);
        Tick();

        var rows = await RowsAsync(organization, "organization_member");
        rows.Select(r => (r.Action, r.StatusCode, r.ResourceId, r.Target)).Should().Equal(
            ("create", 200, user.Id, user.Username), ("write", 200, user.Id, user.Username), ("delete", 204, user.Id, user.Username));
        rows[0].Diff.Select(f => f.Key).Should().BeEquivalentTo("user_id", "username");
        rows[1].Diff.ToJsonString().Should().Be("""{"roles":{"new":["organization-auditor"],"old":[],"secret":false}}""");
        rows[2].Diff.Select(f => f.Key).Should().BeEquivalentTo("roles", "user_id", "username");
    }

    [Fact]
    public async Task Failed_writes_of_memberships_are_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        using var user = await api.NewMemberAsync(organization, Ct);
        await Owner.PostAsync($"{organization.Members}/{user.Id}", null, Ct);
        Tick();
        await Owner.SetRolesAsync(organization, user.Id, "nonsense", Ct);
        Tick();
        await user.Client.DeleteAsync($"{organization.Members}/me", Ct);
        Tick();

        (await RowsAsync(organization, "organization_member")).Select(r => (r.Action, r.StatusCode, r.ResourceId, r.Diff.Count)).Should().Equal(
            ("create", 400, user.Id, 0), ("write", 400, user.Id, 0), ("delete", 400, user.Id, 0));
    }

    [Fact]
    public async Task The_life_of_a_custom_role_is_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        await Owner.PostAsJsonAsync(organization.Roles, new { name = "Aide" }, Ct);
        Tick();
        await Owner.PutAsJsonAsync(
            organization.Roles, new { name = "aide", organization_permissions = new[] { new { resource_type = "group", action = "read" } } }, Ct);
        Tick();
        await Owner.DeleteAsync($"{organization.Roles}/aide", Ct);
        Tick();

        var rows = await RowsAsync(organization, "custom_role");
        rows.Select(r => (r.Action, r.StatusCode, r.Target)).Should().Equal(
            ("create", 200, "aide"), ("write", 200, "aide"), ("delete", 204, "aide"));
        rows.Select(r => r.ResourceId).Distinct().Should().ContainSingle().Which.Should().NotBeEmpty();
        rows[1].Diff["org_permissions"]!["new"]!.AsArray().Should().ContainSingle();
        rows[1].Diff.Should().ContainSingle();
        rows[2].Diff["name"]!["old"]!.GetValue<string>().Should().Be("aide");
    }

    [Fact]
    public async Task Failed_writes_of_custom_roles_are_recorded()
    {
        var organization = await api.NewOrganizationAsync(Ct);
        Tick();
        using var member = await api.NewMemberAsync(organization, Ct);
        await Owner.PostAsJsonAsync(organization.Roles, new { name = "there" }, Ct);
        Tick();
        await Owner.PostAsJsonAsync(organization.Roles, new { name = "there" }, Ct);
        Tick();
        await member.Client.PutAsJsonAsync(organization.Roles, new { name = "there" }, Ct);
        Tick();
        await member.Client.DeleteAsync($"{organization.Roles}/there", Ct);
        Tick();

        (await RowsAsync(organization, "custom_role")).Skip(1).Select(r => (r.Action, r.StatusCode, r.Target, r.Diff.Count)).Should().Equal(
            ("create", 409, "there", 0), ("write", 403, "there", 0), ("delete", 403, "there", 0));
    }

    // The clock stands still by itself, and entries of one moment have no order.
    private void Tick() => api.Server.Clock.Advance(TimeSpan.FromSeconds(1));

    private async Task<IReadOnlyList<AuditRow>> RowsAsync(TestOrganization organization, string type) =>
        [.. (await api.Server.Database.AuditRowsAsync(type, Ct)).Where(row => row.OrganizationId == organization.Id)];
}
