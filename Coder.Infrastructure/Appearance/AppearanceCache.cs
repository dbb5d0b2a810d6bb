using Coder.Application.Appearance;
using Coder.Application.Common;
using Coder.Domain.Appearance;
using Coder.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Infrastructure.Appearance;

/// <summary>Holds the appearance for this node. Readings run one after the other, so that the last one to begin is the one that stays.</summary>
internal sealed class AppearanceCache(IServiceScopeFactory scopes, IFailureClassifier classifier) : IAppearanceSource, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private AppearanceSettings _current = AppearanceSettings.Default;

    public AppearanceSettings Current => Volatile.Read(ref _current);

    public async Task<Result<Done>> ReloadAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var read = await scope.ServiceProvider.GetRequiredService<IAppearanceStore>().ReadAsync(ct);
            Volatile.Write(ref _current, read);
            return Done.Value;
        }
        catch (Exception e) when (classifier.Classify(e) is not null)
        {
            return classifier.Classify(e)!;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
