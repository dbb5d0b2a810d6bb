using System.Net.Sockets;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

public sealed class PostgresErrorsTests
{
    private readonly PostgresErrors _errors = new();

    [Theory]
    [InlineData("22021", ErrorKind.Invalid)]
    [InlineData("22P05", ErrorKind.Invalid)]
    [InlineData("57014", ErrorKind.Unavailable)]
    [InlineData("57P01", ErrorKind.Unavailable)]
    [InlineData("57P03", ErrorKind.Unavailable)]
    [InlineData("08006", ErrorKind.Unavailable)]
    [InlineData("53300", ErrorKind.Unavailable)]
    [InlineData("53100", ErrorKind.Unavailable)]
    [InlineData("40001", ErrorKind.Unavailable)]
    [InlineData("40P01", ErrorKind.Unavailable)]
    [InlineData("28P01", ErrorKind.Unavailable)]
    [InlineData("3D000", ErrorKind.Unavailable)]
    [InlineData("23505", null)]
    [InlineData("23503", null)]
    [InlineData("42601", null)]
    [InlineData("42P01", null)]
    [InlineData("22P02", null)]
    [InlineData("XX000", null)]
    public void A_refusal_of_the_database_is_an_expected_failure_or_a_bug(string state, ErrorKind? kind)
    {
        var error = _errors.Classify(new PostgresException("secret text", "ERROR", "ERROR", state));

        error?.Kind.Should().Be(kind);
        (error is null).Should().Be(kind is null);
    }

    public static TheoryData<Exception> Outages =>
    [
        new NpgsqlException("The connection pool has been exhausted", new TimeoutException()),
        new NpgsqlException("Failed to connect", new SocketException(111)),
        new SocketException(111),
        new TimeoutException(),
        new InvalidOperationException("outer", new NpgsqlException("inner")),
        new AggregateException(new SocketException(111)),
    ];

    [Theory]
    [MemberData(nameof(Outages), DisableDiscoveryEnumeration = true)]
    public void A_database_that_does_not_answer_is_away_for_some_seconds(Exception exception)
    {
        var error = _errors.Classify(exception);

        error.Should().BeEquivalentTo(
            new Error(ErrorKind.Unavailable, "The service is temporarily unavailable.") { RetryAfter = TimeSpan.FromSeconds(5) });
    }

    [Fact]
    public void Everything_else_is_a_bug()
    {
        _errors.Classify(new InvalidOperationException("bug")).Should().BeNull();
        _errors.Classify(new InvalidOperationException("outer", new FormatException("inner"))).Should().BeNull();
    }
}
