using System.Threading.Channels;
using Coder.Application.AuditLogs;

namespace Coder.Application.Users;

/// <summary>
/// Requests for passcodes that were answered and wait to be served: whoever asks learns nothing from how long the answer takes, since
/// nothing has been looked up by then. What a crash loses is asked for again.
/// </summary>
public sealed class PasscodeRequests
{
    private const int MostWaiting = 256;

    private readonly Channel<PasscodeRequest> _waiting = Channel.CreateBounded<PasscodeRequest>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Adds a request.</summary>
    /// <returns><see langword="false"/> when too many wait already.</returns>
    public bool TryAdd(PasscodeRequest request) => _waiting.Writer.TryWrite(request);

    /// <summary>Takes one that waits, if there is any.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PasscodeRequest? request) =>
        _waiting.Reader.TryRead(out request);

    /// <summary>Takes all requests, waiting for more until it is cancelled.</summary>
    public IAsyncEnumerable<PasscodeRequest> TakeAllAsync(CancellationToken ct) => _waiting.Reader.ReadAllAsync(ct);
}

/// <summary>One of them.</summary>
/// <param name="Email">As it was typed.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record PasscodeRequest(string Email, KnownOrigin Origin);
