using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Application.Builds;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Builds;

/// <summary>What becomes of a new workspace when something hands out stock.</summary>
public sealed class PrebuildClaimTests
{
    private static readonly Guid Prebuilds = new("c42fdf75-3097-471c-8c33-fb52454d81c0");
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workspace_of_the_wanted_preset_is_claimed_and_built_once_more()
    {
        await using var scene = await Scene.StartAsync(isLicensed: true);

        var workspace = await scene.CreateAsync("mine", new Dictionary<string, string> { ["region"] = "eu" });

        workspace.Id().Should().Be(scene.Stock.Id);
        workspace.Text("name").Should().Be("mine");
        workspace.Id("owner_id").Should().Be(scene.Member.Id);
        var build = workspace["latest_build"]!;
        build["build_number"]!.GetValue<int>().Should().Be(2);
        build.Id("initiator_id").Should().Be(Prebuilds);
        build.Id("template_version_preset_id").Should().Be(scene.Preset);
        (await scene.Server.Database.ScalarAsync<short>("select priority from provisioner_jobs where id = $1", Ct, build["job"]!.Id()))
            .Should().Be(0, "somebody waits for it");
    }

    [Fact]
    public async Task Values_that_match_no_preset_make_a_new_workspace()
    {
        await using var scene = await Scene.StartAsync(isLicensed: true);

        var workspace = await scene.CreateAsync("mine", new Dictionary<string, string> { ["region"] = "us" });

        workspace.Id().Should().NotBe(scene.Stock.Id);
        workspace["latest_build"]!["build_number"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task Without_the_feature_nothing_is_claimed()
    {
        await using var scene = await Scene.StartAsync(isLicensed: false);

        var workspace = await scene.CreateAsync("mine", new Dictionary<string, string> { ["region"] = "eu" });

        workspace.Id().Should().NotBe(scene.Stock.Id);
    }

    /// <summary>Hands out whatever the prebuilds user owns of the version.</summary>
    private sealed class AnyStock(DbSession db) : IPrebuildClaims
    {
        private const string Claim = """
            update workspaces set owner_id = @owner, name = @name
            where id = (
                select w.id
                from workspaces w
                join workspace_builds b on b.workspace_id = w.id
                where w.owner_id = 'c42fdf75-3097-471c-8c33-fb52454d81c0' and b.template_version_id = @version
                limit 1
                for update of w skip locked)
            returning id
            """;

        public Task<Guid?> ClaimAsync(PrebuildClaim claim, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(claim);
            var values = new { owner = claim.Workspace.OwnerId, name = claim.Workspace.Name, version = claim.VersionId };
            return db.ScalarAsync<Guid?>(Claim, values, cancellationToken);
        }
    }

    private sealed record Scene(TestServer Server, TestUser Member, ReadyTemplate Template, Guid Preset, WorkspaceRow Stock) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync(bool isLicensed)
        {
            var server = await TestServer.StartAsync(null, Ct, services => services.AddScoped<IPrebuildClaims, AnyStock>());
            using var owner = await server.AddUserAsync(["owner"], Ct);
            if (isLicensed)
            {
                (await owner.Client.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License() }, Ct)).EnsureSuccessStatusCode();
            }

            var template = await server.Database.AddReadyTemplateAsync(await server.Database.DefaultOrganizationAsync(Ct), owner.Id, Ct);
            await server.Database.AddParameterAsync(template.VersionId, "region", Ct, defaultValue: "eu");
            var preset = await server.Database.AddPresetAsync(
                template.VersionId, "europe", new Dictionary<string, string> { ["region"] = "eu" }, Ct);
            var stock = await server.Database.AddWorkspaceAsync(template, Prebuilds, new NewWorkspace(), Ct);
            return new Scene(server, await server.AddUserAsync(Ct), template, preset, stock);
        }

        public async Task<JsonObject> CreateAsync(string name, IReadOnlyDictionary<string, string> values)
        {
            var body = new { name, template_id = Template.Id, rich_parameter_values = values.Select(v => new { name = v.Key, value = v.Value }) };
            return await (await Member.Client.CreateWorkspaceAsync(body, Ct)).CreatedAsync(Ct);
        }

        public async ValueTask DisposeAsync()
        {
            Member.Dispose();
            await Server.DisposeAsync();
        }
    }
}
