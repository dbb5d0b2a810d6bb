using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Tests.Database;

public sealed class SqlFilterTests
{
    private const string Head = "select a from t";

    [Fact]
    public void Without_a_predicate_there_is_no_where_clause()
    {
        var sql = new SqlFilter().Between(Head, "order by a");

        sql.Text.Should().Be("select a from t\norder by a");
    }

    [Fact]
    public void Every_predicate_stands_in_parentheses_and_all_must_hold()
    {
        var sql = new SqlFilter().And("a = 1 or b").And("c = @c", 5, "c").Between(Head, "limit 1");

        sql.Text.Should().Be("select a from t\nwhere (a = 1 or b)\n  and (c = @c)\nlimit 1");
        sql.Parameters.ParameterNames.Should().Equal("c");
        sql.Parameters.Get<int>("c").Should().Be(5);
    }

    [Fact]
    public void A_predicate_without_a_value_is_left_out_with_its_parameter()
    {
        var sql = new SqlFilter().AndIf(null, "a = @a", "a").AndIf("x", "b = @b", "b").Between(Head);

        sql.Text.Should().Be("select a from t\nwhere (b = @b)\n");
        sql.Parameters.ParameterNames.Should().Equal("b");
    }

    [Fact]
    public void Head_and_tail_may_have_parameters_too_also_null_ones()
    {
        var sql = new SqlFilter().With("limit", 10).With("after", null).Between(Head, "limit @limit");

        sql.Text.Should().Be("select a from t\nlimit @limit");
        sql.Parameters.ParameterNames.Should().BeEquivalentTo("limit", "after");
        sql.Parameters.Get<object?>("after").Should().BeNull();
    }

    [Fact]
    public void Values_never_stand_in_the_text()
    {
        var sql = new SqlFilter().And("a = @a", "'; drop table users; --", "a").Between(Head);

        sql.Text.Should().NotContain("drop table");
    }
}
