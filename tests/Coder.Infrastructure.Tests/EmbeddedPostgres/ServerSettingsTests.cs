using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

public sealed class ServerSettingsTests
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    [Fact]
    public void Only_a_unix_socket_is_listened_on()
    {
        var text = ServerSettings.Render("/run/pg", 5432, None);

        text.Should().Contain("listen_addresses = ''\n").And.Contain("unix_socket_directories = '\"/run/pg\"'\n");
    }

    [Fact]
    public void Without_sockets_only_the_own_machine_is_listened_to()
    {
        var text = ServerSettings.Render(null, 50123, None);

        text.Should().Contain("listen_addresses = '127.0.0.1'\n")
            .And.Contain("unix_socket_directories = ''\n")
            .And.Contain("port = '50123'\n");
    }

    [Fact]
    public void Given_settings_win()
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal) { ["Max_Connections"] = "7", ["cluster_name"] = "it's" };

        var text = ServerSettings.Render("/run", 5432, given);

        text.Should().Contain("max_connections = '7'\n").And.NotContain("'150'").And.Contain("cluster_name = 'it''s'\n");
    }

    [Fact]
    public void Blanks_commas_and_quotes_in_a_path_stay_one_folder()
    {
        var text = ServerSettings.Render("/a b,c\"d'e", 5432, None);

        text.Should().Contain("unix_socket_directories = '\"/a b,c\"\"d''e\"'\n");
    }

    [Theory]
    [InlineData(86, true)]
    [InlineData(87, false)]
    public void A_socket_path_may_have_100_bytes(int folderBytes, bool fits) =>
        ServerSettings.CanHoldSocket("/" + new string('x', folderBytes - 1)).Should().Be(fits);

    [Fact]
    public void A_comma_would_split_a_socket_path_into_two_hosts() =>
        ServerSettings.CanHoldSocket("/run/a,b").Should().BeFalse();
}
