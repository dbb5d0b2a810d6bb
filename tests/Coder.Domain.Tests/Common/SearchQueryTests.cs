using Coder.Domain.Common;
using CsCheck;

namespace Coder.Domain.Tests.Common;

/// <summary>The grammar of every search text: docs/spec/platform.md, section 4 rule 7.</summary>
public sealed class SearchQueryTests
{
    private const string Message = "Invalid query.";

    [Theory]
    [InlineData("", "", "")]
    [InlineData("   ", "", "")]
    [InlineData("Ada", "", "ada")]
    [InlineData("ada  bob", "", "ada|bob")]
    [InlineData("key:Value", "value", "")]
    [InlineData("key::value", "value", "")]
    [InlineData("\"key\":value", "value", "")]
    [InlineData("key:\"a b\"", "a b", "")]
    [InlineData("key:\"a:b\"", "a:b", "")]
    [InlineData("key:\"\"", "", "")]
    [InlineData("key:\"a b", "a b", "")]
    [InlineData("\"a b\" key:c d", "c", "\"a b\"|d")]
    [InlineData("\"a:b\"", "", "\"a:b\"")]
    [InlineData("a\tb", "", "a\tb")]
    [InlineData("key:a,b", "a,b", "")]
    [InlineData("key:É", "é", "")]
    public void A_text_is_split_into_keys_and_free_text(string text, string value, string words)
    {
        var query = SearchQuery.Parse(text, "free");

        (query.Text("key") ?? "").Should().Be(value);
        string.Join('|', query.Whole("free")).Should().Be(words);
        query.Finish(Done.Value, Message).Error.Should().BeNull();
    }

    [Theory]
    [InlineData(":a", "Query element \":a\" cannot start or end with ':'")]
    [InlineData("b a:", "Query element \"a:\" cannot start or end with ':'")]
    [InlineData(":", "Query element \":\" cannot start or end with ':'")]
    [InlineData("a:b:c", "Query element \"a:b:c\" can only contain 1 ':'")]
    [InlineData("a:\"b\":c\\", "Query element \"a:\\\"b\\\":c\\\\\" can only contain 1 ':'")]
    public void An_element_that_can_not_be_read_is_the_only_error(string text, string detail)
    {
        var query = SearchQuery.Parse($"unknown:1 {text} also:unknown", "free");

        Errors(query).Should().Equal(new FieldError("q", detail));
    }

    [Fact]
    public void Errors_stand_in_the_order_of_reading_and_unknown_keys_behind_them()
    {
        var query = SearchQuery.Parse("later:1 id:x word time:y other:2 later:3", "word");
        query.Time("time");
        query.Uuid("id");

        Errors(query).Select(e => e.Field).Should().Equal("time", "id", "later", "word", "other");
    }

    [Fact]
    public void An_unknown_key_is_named()
    {
        Errors(SearchQuery.Parse("what:ever", "free")).Should().Equal(new FieldError("what", "\"what\" is not a valid query param"));
    }

    [Fact]
    public void A_key_given_twice_is_an_error_unless_its_first_value_is_empty()
    {
        var query = SearchQuery.Parse("a:1 a:2 a:3 b:\"\" b:2", "free");

        query.Text("a").Should().BeNull();
        query.Text("b").Should().BeNull();
        Errors(query).Should().Equal(new FieldError(
            "a", "Query param \"a\" provided more than once, found 3 times. Only provide 1 instance of this query param."));
    }

    [Fact]
    public void A_list_takes_commas_and_repetition()
    {
        var query = SearchQuery.Parse("a:1,2 a:3 a:,,4", "free");

        query.Texts("a").Should().Equal("1", "2", "3", "4");
    }

    [Theory]
    [InlineData("id:0B3A4F0E-0000-4000-8000-000000000001")]
    [InlineData("id:0b3a4f0e000040008000000000000001")]
    [InlineData("id:{0b3a4f0e-0000-4000-8000-000000000001}")]
    [InlineData("id:\"urn:uuid:0b3a4f0e-0000-4000-8000-000000000001\"")]
    public void A_uuid_has_four_forms(string text)
    {
        SearchQuery.Parse(text, "free").Uuid("id").Should().Be(Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("(0b3a4f0e-0000-4000-8000-000000000001)")]
    [InlineData("{0b3a4f0e000040008000000000000001}")]
    public void Anything_else_is_no_uuid(string text)
    {
        var query = SearchQuery.Parse($"id:{text}", "free");

        query.Uuid("id").Should().BeNull();
        Errors(query).Should().Equal(new FieldError("id", "Query param \"id\" must be a valid uuid"));
    }

    [Fact]
    public void The_nil_uuid_and_year_one_are_not_given()
    {
        var query = SearchQuery.Parse("id:00000000-0000-0000-0000-000000000000 time:\"0001-01-01T00:00:00Z\"", "free");

        query.Uuid("id").Should().BeNull();
        query.Time("time").Should().BeNull();
        Errors(query).Should().BeEmpty();
    }

    [Theory]
    [InlineData("2023-01-02T03:04:05Z", "2023-01-02T03:04:05.0000000")]
    [InlineData("2023-01-02T03:04:05.5z", "2023-01-02T03:04:05.5000000")]
    [InlineData("2023-01-02T03:04:05.123456789Z", "2023-01-02T03:04:05.1234567")]
    [InlineData("2023-01-02T03:04:05+02:30", "2023-01-02T00:34:05.0000000")]
    public void A_time_is_read_as_rfc_3339_says(string text, string utc)
    {
        var time = SearchQuery.Parse($"time:\"{text}\"", "free").Time("time");

        time!.Value.Offset.Should().Be(TimeSpan.Zero);
        time.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture).Should().Be(utc);
    }

    [Theory]
    [InlineData("2023-01-02")]
    [InlineData("2023-01-02T03:04:05")]
    [InlineData("2023-02-30T03:04:05Z")]
    [InlineData("2023-01-02 03:04:05Z")]
    [InlineData("2023-01-02T03:04:05.Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("yesterday")]
    public void Anything_else_is_no_time(string text)
    {
        var query = SearchQuery.Parse($"time:\"{text}\"", "free");

        query.Time("time").Should().BeNull();
        Errors(query).Should().ContainSingle().Which.Detail.Should().StartWith(
            "Query param \"time\" must be a valid date format (2006-01-02T15:04:05.999999999Z07:00): ");
    }

    [Fact]
    public void A_date_is_a_day_of_the_calendar()
    {
        var query = SearchQuery.Parse("from:2024-02-29 to:2023-02-29", "free");

        query.Date("from").Should().Be(new DateOnly(2024, 2, 29));
        query.Date("to").Should().BeNull();
        Errors(query).Should().ContainSingle().Which.Detail.Should().StartWith("Query param \"to\" must be a valid date format (2006-01-02): ");
    }

    [Fact]
    public void A_name_that_is_none_of_an_enumeration_is_an_error()
    {
        var query = SearchQuery.Parse("one:red many:blue,green,pink", "free");

        query.OneOf("one", Colour).Should().BeNull();
        query.AnyOf("many", Colour).Should().Equal(1, 2);
        Errors(query).Should().Equal(
            new FieldError("one", "Query param \"one\" has invalid value: \"red\" is not a valid value"),
            new FieldError("many", "Query param \"many\" has invalid value: \"pink\" is not a valid value"));
    }

    [Theory]
    [InlineData("n:12", 12L)]
    [InlineData("n:-1", -1L)]
    [InlineData("n:9223372036854775808", null)]
    [InlineData("n:1.5", null)]
    public void A_number_has_sixty_four_bits(string text, long? number)
    {
        var query = SearchQuery.Parse(text, "free");

        query.Number("n").Should().Be(number);
        Errors(query).Should().HaveCount(number is null ? 1 : 0);
    }

    [Fact]
    public void Whatever_is_typed_is_read_without_an_exception_and_quoted_words_survive() =>
        Gen.String[Gen.OneOf<char>('a', 'B', ' ', ':', '"', '\\', ',', 'é', '\0'), 0, 12].Sample(text =>
        {
            var query = SearchQuery.Parse(text, "free");
            query.Whole("free").Should().NotContain("");
            var quoted = SearchQuery.Parse($"key:\"{text.Replace("\"", "", StringComparison.Ordinal)}\"", "free");
            (quoted.Text("key") ?? "").Should().Be(text.Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant());
        });

    private static int? Colour(string name) => name switch
    {
        "blue" => 1,
        "green" => 2,
        _ => null,
    };

    private static IReadOnlyList<FieldError> Errors(SearchQuery query) => query.Finish(Done.Value, Message).Error?.Validations ?? [];
}
