using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

public sealed class ServiceAccountTests
{
    private const string Root = "root:x:0:0:root:/root:/bin/bash\n";
    private const string Nobody = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
    private const string Postgres = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n";

    [Fact]
    public void The_account_postgres_comes_first() =>
        ServiceAccount.Choose(Root + Nobody + Postgres).Should().Be(new ServiceAccount("postgres", 101, 104));

    [Fact]
    public void Without_it_nobody_is_taken() =>
        ServiceAccount.Choose(Root + Nobody).Should().Be(new ServiceAccount("nobody", 65534, 65533));

    [Fact]
    public void Negative_ids_of_macOS_are_large_numbers() =>
        ServiceAccount.Choose("# comment\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n")
            .Should().Be(new ServiceAccount("nobody", 4294967294, 4294967294));

    [Theory]
    [InlineData("")]
    [InlineData(Root)]
    [InlineData("postgres:x\npostgresql:x:1:1::/:\n")]
    public void Other_accounts_are_not_taken(string passwd) => ServiceAccount.Choose(passwd).Should().BeNull();
}
