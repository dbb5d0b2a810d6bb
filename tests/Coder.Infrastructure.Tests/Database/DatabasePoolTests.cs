using Coder.Infrastructure.Database;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

public sealed class DatabasePoolTests
{
    [Fact]
    public void The_pool_is_as_large_as_the_machine_makes_sense()
    {
        var size = new NpgsqlConnectionStringBuilder(DatabasePool.Tune("Host=localhost")).MaxPoolSize;

        size.Should().Be(Math.Clamp(Environment.ProcessorCount * 8, 16, 100));
    }

    [Theory]
    [InlineData("Host=localhost;Maximum Pool Size=3", 3)]
    [InlineData("Host=localhost;MaxPoolSize=250", 250)]
    [InlineData("Host=localhost;Maximum Pool Size=100", 100)]
    public void A_pool_size_that_the_operator_chose_stays(string connectionString, int expected)
    {
        new NpgsqlConnectionStringBuilder(DatabasePool.Tune(connectionString)).MaxPoolSize.Should().Be(expected);
    }
}
