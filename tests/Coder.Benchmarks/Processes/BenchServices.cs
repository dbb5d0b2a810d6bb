using Coder.Application.Licensing;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Licensing;
using Coder.Infrastructure;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.Licensing;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Benchmarks.Processes;

/// <summary>The stores of the product in this process, for what is measured below HTTP.</summary>
internal static class BenchServices
{
    /// <summary>Everything that the infrastructure registers, on a database that runs already.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="mint">Whose licenses are trusted.</param>
    public static ServiceProvider Create(string connectionString, LicenseMint mint) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TestClock.System)
        .AddCoderInfrastructure(new InfrastructureOptions(
            connectionString,
            TrustedLicenseKeys.Parse(mint.TrustedKeys).Match(keys => keys, e => throw new InvalidOperationException(e.Message)),
            new LicensingOptions(FeatureSwitches.Default, TelemetryEnabled: false),
            new SessionOptions(TimeSpan.FromHours(1), DisableExpiryRefresh: false, DisablePasswordAuth: false),
            AuthorizationOptions.Default,
            new ServerVersion("bench")))
        .BuildServiceProvider();
}
