using System.Net;

namespace Coder.Api.Tests.Licensing;

public sealed class RefreshEntitlementsEndpointTests : LicensingServerTests
{
    [Theory]
    [InlineData(0, "60")]
    [InlineData(1, "60")]
    [InlineData(30_000, "30")]
    [InlineData(59_500, "1")]
    [InlineData(59_999, "1")]
    public async Task Within_a_minute_of_the_last_computation_a_refresh_is_refused(int milliseconds, string seconds)
    {
        Server.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

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
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await RefreshAsync();
        using var again = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Entitlements updated"}""");
        (await Owner.EntitlementsAsync(Ct)).RefreshedAt().Should().Be(Server.Clock.GetUtcNow());
        again.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        again.Headers.GetValues("Retry-After").Should().Equal("60");
    }

    [Fact]
    public async Task An_upload_counts_as_a_computation()
    {
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Owner.AddLicenseAsync(Server.Mint.License(), Ct);

        using var response = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_refresh_finds_licenses_that_nobody_told_of()
    {
        await Server.StoreSilentlyAsync(Server.Mint.License(), Ct);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await RefreshAsync();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Owner.EntitlementsAsync(Ct)).HasLicense().Should().BeTrue();
    }

    private Task<HttpResponseMessage> RefreshAsync() => Owner.PostAsync(new Uri(LicensingApi.Refresh, UriKind.Relative), null, Ct);
}
