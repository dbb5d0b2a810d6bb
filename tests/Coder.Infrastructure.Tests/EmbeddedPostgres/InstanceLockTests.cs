using System.Globalization;
using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

public sealed class InstanceLockTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_second_server_is_told_who_holds_the_folder()
    {
        using var first = InstanceLock.Acquire(_temporary.Path);

        var second = () => InstanceLock.Acquire(_temporary.Path);

        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        second.Should().Throw<EmbeddedPostgresException>()
            .WithMessage($"Another Coder server (process {own}) already uses {_temporary.Path}. *CODER_CONFIG_DIR*");
    }

    [Fact]
    public void A_released_folder_can_be_taken_again()
    {
        InstanceLock.Acquire(_temporary.Path).Dispose();

        var again = () => InstanceLock.Acquire(_temporary.Path).Dispose();

        again.Should().NotThrow();
    }
}
