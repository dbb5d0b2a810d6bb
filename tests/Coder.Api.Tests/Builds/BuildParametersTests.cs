using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class BuildParametersTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task A_value_is_given_or_that_of_the_preset_or_of_the_last_build_or_the_default()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        foreach (var name in new[] { "given", "preset", "last", "default" })
        {
            await Database.AddParameterAsync(template.VersionId, name, Ct, defaultValue: "from-default");
        }

        var preset = await Database.AddPresetAsync(
            template.VersionId, "p", new Dictionary<string, string> { ["given"] = "from-preset", ["preset"] = "from-preset" }, Ct);
        var last = new Dictionary<string, string> { ["given"] = "from-last", ["preset"] = "from-last", ["last"] = "from-last" };
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace { Parameters = last }, Ct);

        var build = await member.Client.BuiltAsync(
            workspace.Id,
            new
            {
                transition = "start",
                template_version_preset_id = preset,
                rich_parameter_values = new[] { new { name = "given", value = "from-request" }, new { name = "unknown", value = "ignored" } },
            },
            Ct);

        build.Id("template_version_preset_id").Should().Be(preset);
        (await member.Client.ValuesAsync(build, Ct)).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["given"] = "from-request",
            ["preset"] = "from-preset",
            ["last"] = "from-last",
            ["default"] = "from-default",
        });
    }

    [Fact]
    public async Task Ephemeral_values_are_for_one_build()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.AddParameterAsync(template.VersionId, "once", Ct, defaultValue: "no", ephemeral: true);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);
        var values = new[] { new { name = "once", value = "yes" } };

        var first = await member.Client.BuiltAsync(workspace.Id, new { transition = "start", rich_parameter_values = values }, Ct);
        await Database.EndAsync(first, Ct);
        var second = await member.Client.BuiltAsync(workspace.Id, new { transition = "start" }, Ct);

        (await member.Client.ValuesAsync(first, Ct))["once"].Should().Be("yes");
        (await member.Client.ValuesAsync(second, Ct))["once"].Should().Be("no");
    }

    [Theory]
    [InlineData("required", null, "parameter \"required\" is required")]
    [InlineData("fixed", "other", "parameter \"fixed\" cannot be changed after the workspace was created")]
    [InlineData("number", "much", "parameter \"number\" must be a number")]
    [InlineData("number", "1", "parameter \"number\" must be at least 2")]
    public async Task A_value_that_is_not_possible_is_refused(string name, string? value, string detail)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await (name switch
        {
            "required" => Database.AddParameterAsync(template.VersionId, name, Ct),
            "fixed" => Database.AddParameterAsync(template.VersionId, name, Ct, defaultValue: "a", mutable: false),
            _ => Database.AddParameterAsync(template.VersionId, name, Ct, defaultValue: "5", type: "number", min: 2),
        });
        var last = new Dictionary<string, string> { ["fixed"] = "kept" };
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace { Parameters = last }, Ct);
        object[] values = value is null ? [] : [new { name, value }];

        var problem = await (await member.Client.BuildAsync(
            workspace.Id, new { transition = "start", rich_parameter_values = values }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = $"Unable to validate parameter \"{name}\"", Detail = detail });
    }

    [Fact]
    public async Task Without_a_preset_the_one_is_kept_that_says_most_about_the_values()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.AddParameterAsync(template.VersionId, "region", Ct, defaultValue: "eu");
        await Database.AddParameterAsync(template.VersionId, "size", Ct, defaultValue: "small");
        await Database.AddPresetAsync(template.VersionId, "eu", new Dictionary<string, string> { ["region"] = "eu" }, Ct, isDefault: true);
        var big = await Database.AddPresetAsync(
            template.VersionId, "big", new Dictionary<string, string> { ["region"] = "eu", ["size"] = "big" }, Ct);
        var workspace = await Database.AddWorkspaceAsync(template, member.Id, new NewWorkspace(), Ct);

        var matching = await member.Client.BuiltAsync(
            workspace.Id, new { transition = "start", rich_parameter_values = new[] { new { name = "size", value = "big" } } }, Ct);
        await Database.EndAsync(matching, Ct);
        var none = await member.Client.BuiltAsync(
            workspace.Id, new { transition = "start", rich_parameter_values = new[] { new { name = "region", value = "us" } } }, Ct);

        matching.Id("template_version_preset_id").Should().Be(big);
        none["template_version_preset_id"].Should().BeNull();
    }
}
