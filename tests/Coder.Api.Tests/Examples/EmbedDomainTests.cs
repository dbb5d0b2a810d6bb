using System.Diagnostics;

namespace Coder.Api.Tests.Examples;

/// <summary>The example host, built and run as its README says.</summary>
public sealed class EmbedDomainTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "at 2026-06-20 12:00:00Z: licensed True, trial False", "warning: Your license expires in 10 days.")]
    [InlineData(
        "2026-07-02T00:00:00Z",
        "at 2026-07-02 00:00:00Z: licensed True, trial False",
        "warning: Audit Log is enabled but your license for this feature is expired.")]
    [InlineData("2026-07-07T00:00:00Z", "at 2026-07-07 00:00:00Z: licensed False, trial False", "evaluate again at no time")]
    public async Task The_example_evaluates_licenses_on_the_domain_alone(string? at, string first, string line)
    {
        var (code, output, errors) = await RunAsync(at is null ? [] : [at]);

        errors.Should().BeEmpty();
        code.Should().Be(0);
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        lines[0].Should().Be(first);
        lines.Should().Contain(line)
            .And.Contain("error: Invalid license (7b6c0f5e-2f43-4d0c-9d55-6f3c0a4f7a02) parsing claims: license must be version 3");
        lines.Count(l => l.StartsWith("  ", StringComparison.Ordinal)).Should().Be(22);
    }

    [Fact]
    public void The_example_needs_nothing_but_the_domain()
    {
        var assemblies = Directory.GetFiles(Path.GetDirectoryName(Example)!, "*.dll").Select(Path.GetFileName);

        assemblies.Should().BeEquivalentTo("Coder.Domain.dll", "embed-domain.dll");
    }

    private static string Example
    {
        get
        {
            // …/tests/Coder.Api.Tests/bin/<configuration>/<framework>/
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
            return Path.Combine(root.FullName, "examples", "embed-domain", "bin", output.Parent.Name, output.Name, "embed-domain.dll");
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Example, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await errors);
    }
}
