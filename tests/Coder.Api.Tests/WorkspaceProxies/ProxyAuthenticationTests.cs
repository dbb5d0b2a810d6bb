using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.Tests.Licensing;
using Coder.Application.WorkspaceProxies;
using Coder.Testing;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Coder.Api.Tests.WorkspaceProxies;

/// <summary>Proxies authenticate themselves by a token of their own, shown at an endpoint that exists for this test only.</summary>
public sealed class ProxyAuthenticationTests(ProxyAuthenticationTests.Deployment deployment) : IClassFixture<ProxyAuthenticationTests.Deployment>
{
    private const string Path = "/api/v2/proxied";
    private const string Proxies = "/api/v2/workspaceproxies";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_names_its_proxy()
    {
        var (_, token) = await CreateAsync("good");

        var (status, message) = await GetAsync(token);

        status.Should().Be(HttpStatusCode.OK);
        message.Should().Be("good");
    }

    [Fact]
    public async Task Without_a_token_the_answer_says_so_whatever_session_there_is()
    {
        var anonymous = await SendAsync(deployment.Server.Anonymous, null);
        var owner = await SendAsync(deployment.Owner, null);

        anonymous.Should().Be((HttpStatusCode.Unauthorized, "Missing required external proxy token"));
        owner.Should().Be((HttpStatusCode.Unauthorized, "Missing required external proxy token"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(":")]
    [InlineData("{id}")]
    [InlineData("{id}:")]
    [InlineData("{id}:short")]
    [InlineData("{id}:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("{id}:{secret}x")]
    [InlineData("{id}:{secret}:x")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff:{secret}")]
    public async Task What_is_not_the_token_is_refused_with_one_text(string form)
    {
        var (id, token) = await CreateAsync($"p{Math.Abs(form.GetHashCode(StringComparison.Ordinal))}");
        var bad = form.Replace("{id}", id, StringComparison.Ordinal).Replace("{secret}", token.Split(':')[1], StringComparison.Ordinal);

        var answer = await GetAsync(bad);

        answer.Should().Be((HttpStatusCode.Unauthorized, "Invalid external proxy token"));
    }

    [Fact]
    public async Task A_new_token_ends_the_old_one_and_deletion_ends_it_too()
    {
        var (id, old) = await CreateAsync("renewed");

        var renewed = await (await deployment.Owner.PatchAsJsonAsync($"{Proxies}/{id}", new { regenerate_token = true }, Ct)).JsonAsync(Ct);
        var token = renewed["proxy_token"]!.GetValue<string>();
        var withOld = await GetAsync(old);
        var withNew = await GetAsync(token);
        await deployment.Owner.DeleteAsync(new Uri($"{Proxies}/{id}", UriKind.Relative), Ct);
        var withDeleted = await GetAsync(token);

        withOld.Should().Be((HttpStatusCode.Unauthorized, "Invalid external proxy token"));
        withNew.Status.Should().Be(HttpStatusCode.OK);
        withDeleted.Should().Be((HttpStatusCode.Unauthorized, "Invalid external proxy token"));
    }

    [Fact]
    public async Task Without_the_feature_no_proxy_is_added_changed_or_deleted_and_they_are_still_shown()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);

        var responses = new[]
        {
            await owner.PostAsJsonAsync(Proxies, new { name = "x" }, Ct),
            await owner.PatchAsJsonAsync($"{Proxies}/x", new { name = "x" }, Ct),
            await owner.DeleteAsync(new Uri($"{Proxies}/x", UriKind.Relative), Ct),
        };
        var list = await owner.GetFromJsonAsync<JsonObject>(Proxies, Ct);

        foreach (var response in responses)
        {
            (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
                new { Status = HttpStatusCode.Forbidden, Message = "Workspace Proxy is a Premium feature. Contact sales!" });
        }

        list!["regions"]!.AsArray().Should().ContainSingle();
    }

    private async Task<(string Id, string Token)> CreateAsync(string name)
    {
        var response = await deployment.Owner.PostAsJsonAsync(Proxies, new { name }, Ct);
        var created = await response.JsonAsync(Ct);
        return (created["proxy"]!["id"]!.GetValue<string>(), created["proxy_token"]!.GetValue<string>());
    }

    private Task<(HttpStatusCode Status, string Message)> GetAsync(string token) => SendAsync(deployment.Server.Anonymous, token);

    private static async Task<(HttpStatusCode Status, string Message)> SendAsync(HttpClient client, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(ProxyTokenHandler.Header, token);
        }

        using var response = await client.SendAsync(request, Ct);
        return (response.StatusCode, (await response.JsonAsync(Ct))["message"]!.GetValue<string>());
    }

    public sealed class Deployment : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public HttpClient Owner { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(null, Ct, services =>
            {
                var parts = services.Single(s => s.ServiceType == typeof(ApplicationPartManager)).ImplementationInstance;
                ((ApplicationPartManager)parts!).ApplicationParts.Add(new AssemblyPart(typeof(ProxiedController).Assembly));
            });
            Owner = await Server.CreateOwnerAsync(Ct);
            await Owner.AddLicenseAsync(Server.Mint.License(), Ct);
        }

        public async ValueTask DisposeAsync()
        {
            Owner.Dispose();
            await Server.DisposeAsync();
        }
    }
}

[Route("api/v2/proxied")]
internal sealed class ProxiedController(ISender sender) : CoderController(sender)
{
    [HttpGet]
    [ProxyAuthentication]
    public IActionResult Get() => Message(HttpContext.Features.Get<ProxySession>()!.Name);
}
