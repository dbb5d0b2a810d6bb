using System.Net;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Licensing;
using Coder.Testing;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Coder.Api.Tests.Licensing;

/// <summary>An endpoint behind a feature opens and closes with the licenses.</summary>
public sealed class FeatureGateTests : IAsyncLifetime
{
    private const string Path = "/api/v2/gated";
    private const string Premium = "Audit Log is a Premium feature. Contact sales!";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private WatchedClock _watched = null!;
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct, services =>
        {
            _watched = WatchedClock.Install(services);
            var parts = services.Single(s => s.ServiceType == typeof(ApplicationPartManager)).ImplementationInstance;
            ((ApplicationPartManager)parts!).ApplicationParts.Add(new AssemblyPart(typeof(GatedController).Assembly));
        });
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_gate_opens_with_a_license_and_closes_with_its_deletion()
    {
        var closed = await PostAsync(_owner);
        var license = await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        var open = await PostAsync(_owner);
        await _owner.DeleteLicenseAsync(license.Id(), Ct);
        var closedAgain = await PostAsync(_owner);

        closed.Should().Be((HttpStatusCode.Forbidden, Premium));
        open.Should().Be((HttpStatusCode.OK, "open"));
        closedAgain.Should().Be((HttpStatusCode.Forbidden, Premium));
    }

    [Fact]
    public async Task The_gate_closes_by_itself_when_the_license_ends()
    {
        var end = _server.Clock.GetUtcNow().AddMinutes(5);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.LicenseExpires(end).Expires(end)), Ct);
        await _watched.AlarmIsSetAsync(end, Ct);
        var before = await PostAsync(_owner);

        _server.Clock.Advance(TimeSpan.FromMinutes(5));
        var after = await Eventually.ReadAsync(() => PostAsync(_owner), answer => answer.Status == HttpStatusCode.Forbidden, Ct);

        before.Status.Should().Be(HttpStatusCode.OK);
        after.Should().Be((HttpStatusCode.Forbidden, Premium));
    }

    [Fact]
    public async Task A_license_without_the_feature_does_not_open_the_gate()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Feature("scim")), Ct);

        var answer = await PostAsync(_owner);

        answer.Should().Be((HttpStatusCode.Forbidden, Premium));
    }

    [Fact]
    public async Task The_session_comes_first_then_the_feature_then_the_permission_then_the_body()
    {
        using var member = await _server.SignInAsRoleAsync("", Ct);
        var anonymous = await PostAsync(_server.Anonymous, "no json");
        var unlicensed = await PostAsync(member, "no json");
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);

        var forbidden = await PostAsync(member, "no json");
        var invalid = await PostAsync(_owner, "no json");

        anonymous.Status.Should().Be(HttpStatusCode.Unauthorized);
        unlicensed.Should().Be((HttpStatusCode.Forbidden, Premium));
        forbidden.Should().Be((HttpStatusCode.Forbidden, "Forbidden."));
        invalid.Should().Be((HttpStatusCode.BadRequest, "Request body must be valid JSON."));
    }

    private static async Task<(HttpStatusCode Status, string? Message)> PostAsync(HttpClient client, string body = "{}")
    {
        using var content = new StringContent(body);
        using var response = await client.PostAsync(Path, content, Ct);
        var (status, message, _) = await response.ErrorAsync(Ct);
        return (status, message);
    }
}

[Route("api/v2/gated")]
internal sealed class GatedController(ISender sender) : CoderController(sender)
{
    [HttpPost]
    [RequiresFeature(FeatureName.AuditLog)]
    [RequiresPermission(ResourceType.License, PermissionAction.Create)]
    public IActionResult Post([FromBody] IReadOnlyDictionary<string, string> body) =>
        Message(body.Count == 0 ? "open" : "open with a body");
}
