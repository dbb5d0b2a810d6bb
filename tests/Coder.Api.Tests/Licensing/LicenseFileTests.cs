using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary><c>CODER_LICENSE_FILE</c> (docs/spec/licensing.md, section 9).</summary>
public sealed class LicenseFileTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("coder-license-file-").FullName;
    private readonly LogCapture _log = new();
    private TestServer _base = null!;
    private HttpClient _owner = null!;

    private string FilePath => Path.Combine(_folder, "licenses.txt");

    public async ValueTask InitializeAsync()
    {
        _base = await TestServer.StartAsync(null, Ct);
        _owner = await _base.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _base.DisposeAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Licenses_of_the_file_are_in_force_when_the_server_is_up_and_bad_lines_only_logged()
    {
        string[] good = [_base.Mint.License(b => b.Empty().Feature("scim")), _base.Mint.License(b => b.Empty().Feature("appearance"))];
        var forged = new LicenseMint(_base.Clock.GetUtcNow(), _base.Mint.KeyId).License();
        var elsewhere = _base.Mint.License(b => b.ForDeployments(Guid.Empty));
        await File.WriteAllLinesAsync(
            FilePath,
            ["# our licenses", "", good[0], "no license", "   ", forged, $"  {good[1]}\t", elsewhere, good[0], $"# {good[1]}"],
            Ct);

        await using var server = await StartAsync();
        using var owner = _owner.SameSessionOn(server);

        var entitlements = await owner.EntitlementsAsync(Ct);
        entitlements.Level("scim").Should().Be("entitled");
        entitlements.Level("appearance").Should().Be("entitled");
        entitlements.Texts("errors").Should().BeEmpty();
        (await owner.LicensesAsync(Ct)).Select(l => l!.Id()).Should().Equal(1, 2);
        var lines = string.Join('\n', _log.Lines.Where(l => l.Contains("license file", StringComparison.Ordinal)));
        lines.Should().Contain("Imported license 1").And.Contain("Imported license 2")
            .And.Contain("Line 4 ").And.Contain("token is malformed")
            .And.Contain("Line 6 ").And.Contain("signature is invalid")
            .And.Contain("Line 8 ").And.Contain("locked to the following deployments");
        lines.Split('\n').Should().HaveCount(5);
        foreach (var segment in (string[])[.. good.Append(forged).Append(elsewhere).SelectMany(t => t.Split('.')[1..3])])
        {
            string.Join('\n', _log.Lines).Should().NotContain(segment);
        }
    }

    [Fact]
    public async Task Licenses_that_are_stored_already_are_passed_over_in_silence()
    {
        var token = _base.Mint.License();
        var license = await _owner.AddLicenseAsync(token, Ct);
        await File.WriteAllTextAsync(FilePath, token, Ct);

        await using var server = await StartAsync();

        (await _owner.LicensesAsync(Ct)).Single()!.ToJsonString().Should().Be(license.ToJsonString());
        _log.Lines.Should().NotContain(l => l.Contains("license file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_nodes_learn_of_imported_licenses()
    {
        await File.WriteAllTextAsync(FilePath, _base.Mint.License(), Ct);

        await using var server = await StartAsync();

        (await _base.Anonymous.EntitlementsWhenAsync(e => e.HasLicense(), Ct)).HasLicense().Should().BeTrue();
    }

    [Fact]
    public async Task Nodes_that_start_together_import_a_license_once()
    {
        await File.WriteAllTextAsync(FilePath, _base.Mint.License(), Ct);

        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync()));

        (await _owner.LicensesAsync(Ct)).Should().ContainSingle();
        foreach (var server in servers)
        {
            (await server.Anonymous.EntitlementsAsync(Ct)).HasLicense().Should().BeTrue();
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("missing.txt")]
    [InlineData(".")]
    public async Task A_file_that_can_not_be_read_is_logged_and_does_not_stop_the_server(string name)
    {
        await using var server = await StartAsync(Path.Combine(_folder, name));

        (await server.Anonymous.EntitlementsAsync(Ct)).HasLicense().Should().BeFalse();
        _log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)).Should().ContainSingle().Which.Should().Contain(_folder);
    }

    private Task<TestServer> StartAsync(string? file = null) =>
        TestServer.StartAsync(o => o.LicenseFile = file ?? FilePath, Ct, _log.Install, beside: _base);
}
