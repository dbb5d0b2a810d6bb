using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>Waits for what other threads and processes do, by looking again and again.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Reads until the value is as expected. When it never is, the last value comes back and the assertion on it tells the story.
    /// </summary>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Func<T, bool> holds, CancellationToken ct)
    {
        var start = TestClock.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (holds(value) || TestClock.System.GetElapsedTime(start) > Patience)
            {
                return value;
            }

            await Task.Delay(Pause, TestClock.System, ct);
        }
    }
}
