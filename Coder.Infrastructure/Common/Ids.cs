using Coder.Application.Common;

namespace Coder.Infrastructure.Common;

internal sealed class Ids(TimeProvider time) : IIds
{
#pragma warning disable RS0030 // the one place where ids are made
    public Guid Random() => Guid.NewGuid();

    public Guid Sequential() => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
}
