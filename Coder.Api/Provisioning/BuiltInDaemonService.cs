using Coder.Application.Provisioning;

namespace Coder.Api.Provisioning;

/// <summary>Runs the provisioner daemons of this server for as long as it runs (docs/spec/workspaces.md, section 3.5).</summary>
internal sealed class BuiltInDaemonService(IBuiltInDaemons daemons) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can ask: whoever posts a job looks whether there is a daemon for it.
        await daemons.RegisterAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => daemons.RunAsync(stoppingToken);
}
