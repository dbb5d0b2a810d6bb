using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Docs;

public sealed class ApiReferenceTests
{
    private const string Folder = "docs/reference/api";

    [Fact]
    public async Task The_reference_is_what_the_document_of_the_server_says()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await TestServer.StartAsync(null, ct);
        var document = await server.Anonymous.GetFromJsonAsync<JsonNode>("/swagger/v1/swagger.json", ct);

        var pages = ApiReference.Pages(document!);

        foreach (var (name, text) in pages)
        {
            RepositoryTree.Stored($"{Folder}/{name}", text)
                .Should().Be(text, "{0} is generated; run the tests with UPDATE_GOLDEN=1 and review the change", name);
        }

        Directory.GetFiles(Path.Combine(RepositoryTree.Root, Folder)).Select(Path.GetFileName)
            .Should().BeEquivalentTo(pages.Keys, "no page is left of a tag that is gone");
    }
}
