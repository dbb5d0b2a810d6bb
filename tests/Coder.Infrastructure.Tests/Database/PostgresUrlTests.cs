using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

public sealed class PostgresUrlTests
{
    private const string Refused = "The PostgreSQL connection URL can not be used: ";

    [Theory]
    [InlineData("postgres://h", "Host=h;Port=5432")]
    [InlineData("postgresql://h", "Host=h;Port=5432")]
    [InlineData("POSTGRES://h", "Host=h;Port=5432")]
    [InlineData("  postgres://h\n", "Host=h;Port=5432")]
    [InlineData("postgres://u@h", "Host=h;Port=5432;Username=u")]
    [InlineData("postgres://u:p@h", "Host=h;Port=5432;Username=u;Password=p")]
    [InlineData("postgres://u:@h", "Host=h;Port=5432;Username=u")]
    [InlineData("postgres://:p@h", "Host=h;Port=5432;Password=p")]
    [InlineData("postgres://u:p@h:6543/db", "Host=h;Port=6543;Username=u;Password=p;Database=db")]
    [InlineData("postgres://h:/db", "Host=h;Port=5432;Database=db")]
    [InlineData("postgres://h/", "Host=h;Port=5432")]
    [InlineData("postgres://h?", "Host=h;Port=5432")]
    [InlineData("postgres://h/a/b", "Host=h;Port=5432;Database=a/b")]
    public void Parts_of_a_URL_land_where_they_belong(string url, string expected) => ShouldBe(url, expected);

    [Theory]
    [InlineData("postgres://u%40x:p%3A%2F%3F%23%5B%5D%40%25@h/d%20b", "Host=h;Port=5432;Username=u@x;Password='p:/?#[]@%';Database='d b'")]
    [InlineData("postgres://u:p+q@h/a+b", "Host=h;Port=5432;Username=u;Password=p+q;Database=a+b")]
    [InlineData("postgres://u:p@ss@h/db", "Host=h;Port=5432;Username=u;Password=p@ss;Database=db")]
    [InlineData("postgres://u:p:q@h", "Host=h;Port=5432;Username=u;Password=p:q")]
    [InlineData("postgres://u:p#q@h/d", "Host=h;Port=5432;Username=u;Password=p#q;Database=d")]
    [InlineData("postgres://u:%C3%BC%E2%82%AC@h", "Host=h;Port=5432;Username=u;Password=ü€")]
    [InlineData("postgres://u:ü%C3%BC@h", "Host=h;Port=5432;Username=u;Password=üü")]
    [InlineData("postgres://u:a;b='c@h", "Host=h;Port=5432;Username=u;Password=\"a;b='c\"")]
    public void Text_is_percent_decoded_and_nothing_else_is(string url, string expected) => ShouldBe(url, expected);

    [Theory]
    [InlineData("postgres://[::1]/db", "Host=::1;Port=5432;Database=db")]
    [InlineData("postgres://u@[2001:db8::7]:6543/db", "Host=2001:db8::7;Port=6543;Username=u;Database=db")]
    [InlineData("postgres://h1,h2/db", "Host='h1,h2';Port=5432;Database=db")]
    [InlineData("postgres://h1:6000,h2:6000/db", "Host='h1,h2';Port=6000;Database=db")]
    [InlineData("postgres://h1:1,h2:2/db", "Host='h1:1,h2:2';Database=db")]
    [InlineData("postgres://h1:1,h2/db", "Host='h1:1,h2:5432';Database=db")]
    [InlineData("postgres://[::1]:1,h2:2/db", "Host='[::1]:1,h2:2';Database=db")]
    [InlineData("postgres:///db?host=h1,h2&port=1,2", "Host='h1:1,h2:2';Database=db")]
    [InlineData("postgres:///db?host=h1,h2&port=7", "Host='h1,h2';Port=7;Database=db")]
    [InlineData("postgres://h1/db?host=h2&port=3&user=v&dbname=e", "Host=h2;Port=3;Database=e;Username=v")]
    [InlineData("postgres:///?hostaddr=10.0.0.1", "Host=10.0.0.1;Port=5432")]
    public void Hosts_come_with_their_ports(string url, string expected) => ShouldBe(url, expected);

    [Theory]
    [InlineData("postgres://%2Fvar%2Frun/db", "Host=/var/run;Port=5432;Database=db")]
    [InlineData("postgres://u@%2Fvar%2Frun:6543/db", "Host=/var/run;Port=6543;Database=db;Username=u")]
    [InlineData("postgres:///db?host=/var/run/postgresql", "Host=/var/run/postgresql;Port=5432;Database=db")]
    [InlineData("postgres://u:p@/db?host=%2Ftmp&port=5433", "Host=/tmp;Port=5433;Database=db;Username=u;Password=p")]
    [InlineData("host=/run/pg dbname=db", "Host=/run/pg;Port=5432;Database=db")]
    public void Unix_sockets_are_named_by_their_folder(string url, string expected) => ShouldBe(url, expected);

    [Theory]
    [InlineData("postgres:///db")]
    [InlineData("postgres://")]
    [InlineData("dbname=db")]
    [InlineData("Database=db;Username=u")]
    public void Without_a_host_the_place_of_the_local_server_is_taken(string text)
    {
        var builder = Parsed(text);

        builder.Host.Should().Be(OperatingSystem.IsWindows() ? "localhost" : OperatingSystem.IsMacOS() ? "/tmp" : "/var/run/postgresql");
    }

    [Theory]
    [InlineData("sslmode=disable", "SSL Mode=Disable")]
    [InlineData("sslmode=allow", "SSL Mode=Allow")]
    [InlineData("sslmode=prefer", "SSL Mode=Prefer")]
    [InlineData("sslmode=require", "SSL Mode=Require")]
    [InlineData("sslmode=verify-ca", "SSL Mode=VerifyCA")]
    [InlineData("sslmode=verify-full", "SSL Mode=VerifyFull")]
    [InlineData("ssl=true", "SSL Mode=Require")]
    [InlineData("sslmode=verify-full&sslrootcert=/ca.pem", "SSL Mode=VerifyFull;Root Certificate=/ca.pem")]
    [InlineData("sslmode=require&sslrootcert=/ca.pem", "SSL Mode=VerifyCA;Root Certificate=/ca.pem")]
    [InlineData("sslrootcert=/ca.pem", "SSL Mode=VerifyCA;Root Certificate=/ca.pem")]
    [InlineData("sslmode=disable&sslrootcert=/ca.pem", "SSL Mode=Disable")]
    [InlineData("sslrootcert=system", "SSL Mode=VerifyFull")]
    [InlineData("sslmode=verify-full&sslrootcert=system", "SSL Mode=VerifyFull")]
    [InlineData("sslcert=/c.pem&sslkey=/k.pem&sslpassword=s", "SSL Certificate=/c.pem;SSL Key=/k.pem;SSL Password=s")]
    [InlineData("sslnegotiation=direct", "SSL Negotiation=Direct")]
    [InlineData("channel_binding=require", "Channel Binding=Require")]
    [InlineData("gssencmode=disable", "GSS Encryption Mode=Disable")]
    [InlineData("require_auth=scram-sha-256", "Require Auth=ScramSHA256")]
    [InlineData("require_auth=!password,!md5", "Require Auth='!Password,!MD5'")]
    [InlineData("krbsrvname=pg", "Kerberos Service Name=pg")]
    public void Security_settings_have_Npgsqls_names(string query, string expected) =>
        ShouldBe($"postgres://h?{query}", $"Host=h;Port=5432;{expected}");

    [Theory]
    [InlineData("load_balance_hosts=random", "Load Balance Hosts=true")]
    [InlineData("application_name=my%20app", "Application Name='my app'")]
    [InlineData("fallback_application_name=f", "Application Name=f")]
    [InlineData("fallback_application_name=f&application_name=a", "Application Name=a")]
    [InlineData("connect_timeout=7", "Timeout=7")]
    [InlineData("connect_timeout=0", "Timeout=0")]
    [InlineData("connect_timeout=-1", "Timeout=0")]
    [InlineData("search_path=a,b", "Search Path='a,b'")]
    [InlineData("TimeZone=UTC", "Timezone=UTC")]
    [InlineData("options=-c%20geqo%3Doff", "Options='-c geqo=off'")]
    [InlineData("options=-c geqo=off", "Options='-c geqo=off'")]
    [InlineData("statement_timeout=30s&lock_timeout=5s", "Options='-c statement_timeout=30s -c lock_timeout=5s'")]
    [InlineData("default_transaction_isolation=repeatable read", "Options='-c default_transaction_isolation=repeatable\\ read'")]
    [InlineData("pool_max_conns=12", "Maximum Pool Size=12")]
    [InlineData("passfile=/p", "Passfile=/p")]
    [InlineData("client_encoding=utf-8", "")]
    [InlineData("keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=9", "")]
    [InlineData("application_name=", "")]
    public void Other_settings_have_Npgsqls_names(string query, string expected) =>
        ShouldBe($"postgres://h?{query}", $"Host=h;Port=5432;{expected}");

    [Theory]
    [InlineData("any")]
    [InlineData("read-write")]
    [InlineData("read-only")]
    [InlineData("primary")]
    [InlineData("standby")]
    [InlineData("prefer-standby")]
    public void Several_hosts_are_told_apart_by_what_they_are(string attributes)
    {
        var builder = Parsed($"postgres://a,b?target_session_attrs={attributes}");
        using var source = new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();

        builder.TargetSessionAttributes.Should().Be(attributes);
        source.Should().BeOfType<NpgsqlMultiHostDataSource>();
    }

    [Fact]
    public void One_host_leaves_nothing_to_choose()
    {
        var builder = Parsed("postgres://a?target_session_attrs=read-write");
        using var source = new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();

        builder.TargetSessionAttributes.Should().BeNull();
    }

    [Theory]
    [InlineData("host=h port=6543 dbname=db user=u password=p", "Host=h;Port=6543;Database=db;Username=u;Password=p")]
    [InlineData("host = h\n  dbname= db ", "Host=h;Port=5432;Database=db")]
    [InlineData("HOST=h", "Host=h;Port=5432")]
    [InlineData("host=h password='a b'", "Host=h;Port=5432;Password='a b'")]
    [InlineData("host=h password='it\\'s \\\\'", "Host=h;Port=5432;Password=\"it's \\\"")]
    [InlineData("host=h password=a\\ b", "Host=h;Port=5432;Password='a b'")]
    [InlineData("host=h password='x;Database=y' user=u", "Host=h;Port=5432;Password='x;Database=y';Username=u")]
    [InlineData("host=h password='' user=u", "Host=h;Port=5432;Username=u")]
    [InlineData("host=h1,h2 port=1,2 sslmode=verify-full", "Host='h1:1,h2:2';SSL Mode=VerifyFull")]
    [InlineData("host=h options='-c geqo=off'", "Host=h;Port=5432;Options='-c geqo=off'")]
    public void Libpq_texts_are_read(string text, string expected) => ShouldBe(text, expected);

    [Theory]
    [InlineData("Host=h;Port=1;Database=db;Username=u;Password=p", "Host=h;Port=1;Database=db;Username=u;Password=p")]
    [InlineData("Server=h;User Id=u;Password='a;b c'", "Host=h;Username=u;Password='a;b c'")]
    [InlineData("Host=h;", "Host=h")]
    [InlineData("host=h;database=db", "Host=h;Database=db")]
    [InlineData("Host=h;SSL Mode=VerifyFull", "Host=h;SSL Mode=VerifyFull")]
    public void Npgsql_connection_strings_are_taken_as_they_are(string text, string expected) => ShouldBe(text, expected);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("   ", "it is empty")]
    [InlineData("mysql://h/db", "a URL has to begin with postgres:// or postgresql://, not with mysql://")]
    [InlineData("postgres://h?sslmod=require", "unknown setting sslmod")]
    [InlineData("postgres://h?sslcrl=x", "unknown setting sslcrl")]
    [InlineData("postgres://h?service=x", "unknown setting service")]
    [InlineData("host=h foo=bar", "unknown setting foo")]
    [InlineData("Host=h;Foo=bar", "the setting foo is unknown, or its value is")]
    [InlineData("Host=h;SSL Mode=on", "the setting ssl mode is unknown, or its value is")]
    [InlineData("postgres://h?sslmode=on", "sslmode has to be one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgres://h?load_balance_hosts=yes", "load_balance_hosts has to be one of disable, random")]
    [InlineData("postgres://h?connect_timeout=soon", "connect_timeout has to be a number of seconds up to 1024 (0 waits for ever)")]
    [InlineData("postgres://h?pool_max_conns=many", "pool_max_conns has to be a number")]
    [InlineData("postgres://h?client_encoding=latin1", "client_encoding has to be UTF8")]
    [InlineData("postgres://h?ssl=false", "ssl has to be true")]
    [InlineData("postgres://h1,h2,h3?port=1,2", "there are 2 ports for 3 hosts; give one port, or one for each host")]
    [InlineData("postgres:///?host=/a,/b&port=1,2", "Unix sockets and hosts with several ports can not be mixed")]
    [InlineData("postgres://h?hostaddr=1.2.3.4", "host and hostaddr can not both be given; leave hostaddr out")]
    [InlineData("postgres://[::1", "an IPv6 address has to stand between [ and ]")]
    [InlineData("postgres://[::1]5432", "only a port may follow the ] of an IPv6 address")]
    public void A_refusal_says_what_is_wrong(string text, string reason)
    {
        PostgresUrl.Parse(text).Is(out _, out var error).Should().BeFalse();

        error.Should().Be(new Error(ErrorKind.Invalid, $"{Refused}{reason}."));
    }

    [Theory]
    [InlineData("postgres://h1,h2?target_session_attrs=secret")]
    [InlineData("postgres://u:se%cret@h")]
    [InlineData("postgres://u:secret%@h")]
    [InlineData("postgres://u:secret%00@h")]
    [InlineData("postgres://u:secret%FF@h")]
    [InlineData("postgres://u:/secret@h/db")]
    [InlineData("postgres://u:secret/x@h/db")]
    [InlineData("postgres://u:secret?x@h/db")]
    [InlineData("postgres://u:12?secret@h/db")]
    [InlineData("postgres://u:secret@h:99999/db")]
    [InlineData("postgres://u:secret@h:0/db")]
    [InlineData("postgres://u:secret@h:5432:1/db")]
    [InlineData("postgres://u:secret@h?sslmode=secret")]
    [InlineData("host=h password='secret")]
    [InlineData("host=h password=a secret")]
    [InlineData("secret")]
    [InlineData("Host=h;Password='secret")]
    [InlineData("Host=h;Password=a;secret;")]
    [InlineData("Host=h;Timeout=secret")]
    public void No_refusal_carries_a_value(string text)
    {
        PostgresUrl.Parse(text).Is(out _, out var error).Should().BeFalse();

        error!.Kind.Should().Be(ErrorKind.Invalid);
        error.Message.Should().StartWith(Refused).And.NotContain("secret").And.NotContain("cret@");
    }

    private static void ShouldBe(string text, string expected)
    {
        var builder = Parsed(text);

        var settings = new NpgsqlConnectionStringBuilder(expected).ConnectionString.Split(';');
        builder.ConnectionString.Split(';').Should().BeEquivalentTo(settings);
    }

    private static NpgsqlConnectionStringBuilder Parsed(string text)
    {
        PostgresUrl.Parse(text).Is(out var builder, out var error).Should().BeTrue(error?.Message);
        return builder!;
    }
}
