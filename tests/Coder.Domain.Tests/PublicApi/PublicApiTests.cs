using Coder.Domain.Common;
using PublicApiGenerator;

namespace Coder.Domain.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_changes_only_on_purpose()
    {
        var surface = typeof(Error).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });

        GoldenFile.Compare("PublicApi/Coder.Domain.approved.txt", surface);
    }
}
