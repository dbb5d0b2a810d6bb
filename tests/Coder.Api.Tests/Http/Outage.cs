using System.Net;
using System.Net.Sockets;
using Coder.Infrastructure.Database;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Coder.Api.Tests.Http;

/// <summary>Takes the database away from a running server: its statements go to a port where nobody listens.</summary>
internal sealed class Outage : IDisposable
{
    private readonly NpgsqlDataSource _dead = NpgsqlDataSource.Create(
        $"Host=127.0.0.1;Port={FreePort()};Username=nobody;Database=nothing;Timeout=5");

    /// <summary>Whether the database is away.</summary>
    public bool IsOn { get; set; }

    /// <summary>Give it to the start of the server.</summary>
    public void Prepare(IServiceCollection services) => services.AddScoped(s => new DbSession(
        IsOn ? _dead : s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<TimeProvider>()));

    public void Dispose() => _dead.Dispose();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
