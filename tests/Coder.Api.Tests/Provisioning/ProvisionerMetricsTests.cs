using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Provisioning;

/// <summary>What an operator sees of the queue.</summary>
public sealed class ProvisionerMetricsTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_queue_and_the_daemons_of_the_server_are_reported()
    {
        await using var server = await StartAsync("2");
        var user = await server.Database.AddUserAsync(new NewTestUser(), server.Clock.GetUtcNow(), Ct);
        var organization = await server.Database.AddOrganizationAsync("elsewhere", Ct);
        var file = await server.Database.AddFileAsync(user.Id, [1], Ct);
        var now = server.Clock.GetUtcNow();
        var job = new NewTestJob { Organization = organization, File = file, CreatedAt = now.AddSeconds(-40) };
        await server.Database.AddJobAsync(job, Ct);
        await server.Database.AddJobAsync(job with { CreatedAt = now.AddSeconds(-10) }, Ct);
        await server.Database.AddJobAsync(job with { StartedAt = now }, Ct);
        await server.Database.AddJobAsync(job with { StartedAt = now, CompletedAt = now }, Ct);

        var seen = await UntilAsync(server, s => s.GetValueOrDefault("coder_provisioner_jobs template_version_import pending") == 2);

        seen["coder_provisioner_jobs template_version_import running"].Should().Be(1);
        seen["coder_provisioner_jobs template_version_import canceling"].Should().Be(0);
        seen["coder_provisioner_jobs workspace_build pending"].Should().Be(0);
        seen["coder_provisioner_oldest_waiting_seconds"].Should().BeGreaterThanOrEqualTo(40);
        seen["coder_provisioner_daemons_online"].Should().Be(2);
        seen["coderd_provisionerd_num_daemons"].Should().Be(2);
        seen["coderd_provisionerd_jobs_current"].Should().Be(0);
    }

    [Fact]
    public async Task Where_nobody_reads_metrics_the_queue_is_not_measured()
    {
        await using var server = await TestServer.StartAsync(null, Ct);

        Observe(server).Should().NotContainKey("coderd_provisionerd_num_daemons");
    }

    [Fact]
    public async Task The_times_of_a_job_are_counted_with_its_end()
    {
        await using var provisioning = await ProvisioningServer.NewAsync(options => options.ProvisionerDaemons = "1", Ct);
        var runs = new ConcurrentBag<(string Name, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name is "coderd_provisionerd_job_timings_seconds" or "coder_provisioner_job_wait_seconds")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => runs.Add((i.Name, TextOf(tags))));
        listener.Start();

        await provisioning.ErrorAsync((await provisioning.PostImportAsync("{", Ct)).Job, Ct);

        // The end is counted after the commit that others see.
        while (!runs.Contains(("coderd_provisionerd_job_timings_seconds", "template_version_import echo failed")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, Ct);
        }

        runs.Should().Contain(("coder_provisioner_job_wait_seconds", "template_version_import echo"));
    }

    private static Task<TestServer> StartAsync(string daemons) => TestServer.StartAsync(
        options =>
        {
            // Nobody listens there; that somebody should is enough.
            options.OtlpEndpoint = "http://127.0.0.1:9";
            options.ProvisionerDaemons = daemons;
        },
        Ct);

    private static async Task<Dictionary<string, double>> UntilAsync(TestServer server, Func<Dictionary<string, double>, bool> isReached)
    {
        while (true)
        {
            var seen = Observe(server);
            if (isReached(seen))
            {
                return seen;
            }

            server.Clock.Advance(TimeSpan.FromSeconds(15));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestClock.System, Ct);
        }
    }

    private static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(tag => tag.Value));

    // Servers of other tests run in this process too; the scope of a meter tells them apart.
    private static Dictionary<string, double> Observe(TestServer server)
    {
        var scope = server.Services.GetRequiredService<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, scope) && instrument.Name.Contains("provisioner", StringComparison.Ordinal))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => seen[$"{i.Name} {TextOf(tags)}".TrimEnd()] = value);
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen[$"{i.Name} {TextOf(tags)}".TrimEnd()] = value);
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => seen[$"{i.Name} {TextOf(tags)}".TrimEnd()] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return new Dictionary<string, double>(seen, StringComparer.Ordinal);
    }
}
