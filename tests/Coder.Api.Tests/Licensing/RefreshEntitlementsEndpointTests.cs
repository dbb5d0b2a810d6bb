using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

public sealed class RefreshEntitlementsEndpointTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "60")]
    [InlineData(1, "60")]
    [InlineData(30_000, "30")]
    [InlineData(59_500, "1")]
    [InlineData(59_999, "1")]
    public async Task Within_a_minute_of_the_last_computation_a_refresh_is_refused(int milliseconds, string seconds)
    {
        _server.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        using var response = await RefreshAsync();

        (await response.ErrorAsync(Ct)).Should().Be((
            HttpStatusCode.BadRequest,
            $"Entitlements already recently refreshed, please wait {seconds} seconds to force a new refresh",
            null));
        response.Headers.GetValues("Retry-After").Should().Equal(seconds);
    }

    [Fact]
    public async Task After_a_minute_a_refresh_computes_and_begins_a_new_minute()
    {
        _server.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await RefreshAsync();
        using var again = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Entitlements updated"}""");
        (await _owner.EntitlementsAsync(Ct)).RefreshedAt().Should().Be(_server.Clock.GetUtcNow());
        again.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        again.Headers.GetValues("Retry-After").Should().Equal("60");
    }

    [Fact]
    public async Task An_upload_counts_as_a_computation()
    {
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);

        using var response = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_refresh_finds_licenses_that_nobody_told_of()
    {
        await _server.StoreSilentlyAsync(_server.Mint.License(), Ct);
        _server.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await _owner.EntitlementsAsync(Ct)).HasLicense().Should().BeTrue();
    }

    private Task<HttpResponseMessage> RefreshAsync() => _owner.PostAsync(new Uri(LicensingApi.Refresh, UriKind.Relative), null, Ct);
}
