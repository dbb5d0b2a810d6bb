using Coder.Api.Configuration;
using Coder.Api.Hosting;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using MediatR;

namespace Coder.Api.Provisioning;

/// <summary>Registers what the provisioner queue needs beside the use cases.</summary>
internal static class ProvisioningSetup
{
    public static IServiceCollection AddProvisioning(this IServiceCollection services, CoderSettings settings)
    {
        services
            .AddSingleton(settings.JobReaper)
            .AddSingleton(new ProvisionerDaemonOptions(settings.ProvisionerDaemonPsk))
            .AddSingleton<JobLogsEndpoint>()
            .AddHostedService<JobReaperService>()
            .AddHostedService<JobSignalService>();

        // The database is asked for numbers only where somebody reads them.
        return settings.PrometheusAddress is null && settings.OtlpEndpoint is null
            ? services
            : services.AddHostedService<ProvisionerMetrics>();
    }
}

/// <summary>Ends hopeless jobs and forgets daemons that are gone, at the start and then in the interval of the options.</summary>
internal sealed class JobReaperService(
    IServiceScopeFactory scopes, JobReaperOptions options, TimeProvider time, ILogger<JobReaperService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await TickAsync(new ReapJobs(), stoppingToken);
            await TickAsync(new ForgetDaemons(), stoppingToken);
            await Task.Delay(options.Interval, time, stoppingToken);
        }
    }

    private async Task TickAsync(ICommand<int> command, CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, stoppingToken);
        }
#pragma warning disable CA1031 // a tick takes nobody down, and the next one tries again
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            HostingLog.TickFailed(logger, e, nameof(JobReaperService));
        }
    }
}

/// <summary>Sends home the daemons that wait for jobs when the server stops, which would else wait for them.</summary>
internal sealed class JobSignalService(JobSignals signals) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        signals.Close();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
