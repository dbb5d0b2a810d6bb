using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;

namespace Coder.Application.ConnectionLogs;

/// <summary>Gives each event to every sink, as long as the license says so.</summary>
internal sealed class ConnectionLogger(IEnumerable<IConnectionSink> sinks, IEntitlementSource entitlements, TimeProvider time) : IConnectionLogger
{
    private readonly IConnectionSink[] _sinks = [.. sinks];

    public Task<Result<Done>> UpsertAsync(ConnectionEvent connection, CancellationToken ct) => UpsertAsync([connection], ct);

    public async Task<Result<Done>> UpsertAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct)
    {
        if (connections.Count == 0 || !entitlements.Current.IsEnabled(FeatureName.ConnectionLog))
        {
            return Done.Value;
        }

        var now = time.GetUtcNow();
        ConnectionEvent[] normalized = [.. connections.Select(c => c.Normalized(now))];
        Error? refused = null;
        List<Exception>? failures = null;
        foreach (var sink in _sinks)
        {
            try
            {
                refused = (await sink.WriteAsync(normalized, ct)).Error ?? refused;
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                (failures ??= []).Add(e);
            }
        }

        return failures is not null ? throw new AggregateException(failures) : refused is not null ? refused : Done.Value;
    }
}
