using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

public sealed class TemplateQueryParserTests
{
    private const string Message = "Invalid template search query.";

    [Fact]
    public void An_empty_search_asks_for_everything() =>
        TemplateQueryParser.Parse("").Match(f => f, _ => null!).Should().BeEquivalentTo(TemplateFilter.Everything);

    [Fact]
    public void Every_key_is_read()
    {
        const string Search = "first \"second\" exact_name:Docker organization:acme ids:00000000-0000-0000-0000-000000000001,"
            + "00000000-0000-0000-0000-000000000002 deprecated:false deleted:true has-ai-task:true has_external_agent:f author:Anna "
            + "author_id:00000000-0000-0000-0000-000000000003";

        var filter = TemplateQueryParser.Parse(Search).Match(f => f, e => throw new InvalidOperationException(e.Message));

        filter.Should().BeEquivalentTo(new TemplateFilter
        {
            Name = ["first", "second"],
            ExactName = "docker",
            Organization = "acme",
            Ids = [new Guid("00000000-0000-0000-0000-000000000001"), new Guid("00000000-0000-0000-0000-000000000002")],
            IsDeprecated = false,
            IsDeleted = true,
            HasAiTask = true,
            HasExternalAgent = false,
            Author = "anna",
            AuthorId = new Guid("00000000-0000-0000-0000-000000000003"),
        });
    }

    [Theory]
    [InlineData("deprecated:maybe", "deprecated", "Query param \"deprecated\" must be a valid boolean: \"maybe\" is none")]
    [InlineData("ids:1", "ids", "Query param \"ids\" must be a list of valid uuids: \"1\" is none")]
    [InlineData("author_id:x", "author_id", "Query param \"author_id\" must be a valid uuid")]
    [InlineData("owner:me", "owner", "\"owner\" is not a valid query param")]
    [InlineData("a:b:c", "q", "Query element \"a:b:c\" can only contain 1 ':'")]
    public void What_can_not_be_read_is_named(string search, string field, string detail)
    {
        var error = TemplateQueryParser.Parse(search).Error!;

        error.Message.Should().Be(Message);
        error.Validations.Should().Equal(new Domain.Common.FieldError(field, detail));
    }
}
