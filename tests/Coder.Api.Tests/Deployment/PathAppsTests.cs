using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Deployment;

/// <summary>This server serves no applications of workspaces (docs/spec/platform.md, section 8.5).</summary>
public sealed class PathAppsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string NotFound = "Route not found.";
    private const string Disabled = "Path-based applications are disabled on this Coder deployment by the administrator.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/@olga/dev/apps/code-server/", HttpStatusCode.Forbidden, Disabled)]
    [InlineData("/@olga/dev.main/apps/code-server/some/path?x=1", HttpStatusCode.Forbidden, Disabled)]
    [InlineData("/@me/dev/apps", HttpStatusCode.Forbidden, Disabled)]
    [InlineData("/@olga/dev", HttpStatusCode.NotFound, NotFound)]
    [InlineData("/@olga/dev/terminal", HttpStatusCode.NotFound, NotFound)]
    [InlineData("/@/dev/apps/x", HttpStatusCode.NotFound, NotFound)]
    [InlineData("/olga/dev/apps/x", HttpStatusCode.NotFound, NotFound)]
    public async Task An_application_is_not_found_or_disabled_as_the_operator_says(string path, HttpStatusCode status, string message)
    {
        await using var disabled = await TestServer.StartAsync(o => o.DisablePathApps = "true", Ct, beside: fixture.Server);

        var ours = await (await fixture.Server.Anonymous.GetAsync(path, Ct)).ProblemAsync(Ct);
        var theirs = await (await disabled.Anonymous.GetAsync(path, Ct)).ProblemAsync(Ct);

        ours.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = NotFound });
        theirs.Should().BeEquivalentTo(new { Status = status, Message = message });
    }
}
