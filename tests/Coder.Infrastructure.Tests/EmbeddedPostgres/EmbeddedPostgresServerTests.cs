using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresServerTests(PreparedData prepared) : IClassFixture<PreparedData>, IDisposable
{
    private const string EncodingAndLocale =
        "select current_setting('server_encoding') || datcollate from pg_database where datname = current_database()";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["shared_buffers"] = "16MB",
        ["max_connections"] = "10",
    };

    private readonly TemporaryFolder _temporary = new();

    private EmbeddedPostgresOptions Options => new()
    {
        ConfigDirectory = Path.Combine(_temporary.Path, "config"),
        BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN"),
        Settings = Quick,
        SyncNewData = false,
        StartTimeout = TimeSpan.FromMinutes(1),
        FallbackDirectory = Path.Combine(_temporary.Path, "fallback"),
    };

    private string Root => Path.Combine(Options.ConfigDirectory, "postgres");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_new_folder_gets_a_database_in_UTF8_and_locale_C_that_only_its_password_opens()
    {
        await using var server = await StartAsync(Options);

        var facts = await ScalarAsync(server.ConnectionString, EncodingAndLocale);
        var guess = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;
        var stranger = () => ScalarAsync(guess, "select 1");

        server.Adopted.Should().BeFalse();
        facts.Should().Be("UTF8C");
        (await stranger.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be("28P01");
    }

    [Fact]
    public async Task The_password_is_for_the_owners_eyes_and_nothing_of_the_first_run_is_left()
    {
        await using var server = await StartAsync(Options);

        File.GetUnixFileMode(Path.Combine(Root, "password")).Should().Be(Private);
        Directory.EnumerateFileSystemEntries(Root, "data.new*").Should().BeEmpty();
    }

    [Fact]
    public async Task No_TCP_port_is_opened()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        await using var server = await StartAsync(Options);

        var addresses = await ScalarAsync(server.ConnectionString, "show listen_addresses");

        addresses.Should().Be("");
    }

    [Fact]
    public async Task A_terminals_interrupt_does_not_reach_it()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        await using var server = await StartAsync(Options);

        var session = (await File.ReadAllTextAsync($"/proc/{server.ProcessId}/stat", Ct)).Split(' ')[5];

        session.Should().Be(server.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Data_outlives_a_restart_and_a_stop_leaves_no_process()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var first = await StartAsync(Options);
        await ScalarAsync(first.ConnectionString, "create table kept as select 42 as answer");

        await first.StopAsync(Ct);
        var isGone = !IsRunning(first.ProcessId);
        await using var second = await StartAsync(Options);

        isGone.Should().BeTrue();
        second.Adopted.Should().BeFalse();
        (await ScalarAsync(second.ConnectionString, "select answer from kept")).Should().Be(42);
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var server = await StartAsync(Options);
        await server.StopAsync(Ct);

        var again = () => server.StopAsync(Ct);

        await again.Should().NotThrowAsync();
    }

    [Fact]
    public async Task The_postmaster_of_a_killed_server_is_taken_over_and_stopped_with_its_new_owner()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var killed = await StartAsync(Options);
        await ScalarAsync(killed.ConnectionString, "create table kept as select 42 as answer");
        killed.Abandon();

        var heir = await StartAsync(Options);
        var answer = await ScalarAsync(heir.ConnectionString, "select answer from kept");
        await heir.StopAsync(Ct);

        heir.Adopted.Should().BeTrue();
        heir.ProcessId.Should().Be(killed.ProcessId);
        answer.Should().Be(42);
        IsRunning(heir.ProcessId).Should().BeFalse();
    }

    [Fact]
    public async Task An_orphan_is_taken_over_without_any_PostgreSQL_program()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var killed = await StartAsync(Options);
        killed.Abandon();

        await using var heir = await StartAsync(Options with { Search = new BinarySearch("/nowhere", [], []) });

        heir.Adopted.Should().BeTrue();
    }

    [Fact]
    public async Task A_living_servers_postmaster_is_not_taken_over()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        await using var first = await StartAsync(Options);

        var second = () => StartAsync(Options);

        (await second.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage("Another Coder server (process *) already uses *");
        (await ScalarAsync(first.ConnectionString, "select 1")).Should().Be(1);
    }

    [Fact]
    public async Task The_file_of_a_killed_postmaster_is_in_nobodys_way()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var killed = await StartAsync(Options);
        await ScalarAsync(killed.ConnectionString, "create table kept as select 42 as answer");
        killed.Abandon();
        await KillAsync(killed.ProcessId);

        await using var next = await StartAsync(Options);

        next.Adopted.Should().BeFalse();
        next.ProcessId.Should().NotBe(killed.ProcessId);
        (await ScalarAsync(next.ConnectionString, "select answer from kept")).Should().Be(42);
    }

    [Fact]
    public async Task An_id_that_another_program_has_by_now_is_in_nobodys_way()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var data = Path.Combine(Root, "data");
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var stale = $"{own}\n{data}\n1700000000\n5432\n{Root}\n\n1 1\nready   \n";
        await File.WriteAllTextAsync(Path.Combine(data, PostmasterFile.FileName), stale, Ct);

        await using var server = await StartAsync(Options);

        server.Adopted.Should().BeFalse();
    }

    [Fact]
    public async Task An_interrupted_first_run_is_in_nobodys_way()
    {
        var half = Directory.CreateDirectory(Path.Combine(Root, "data.new-0123abcd", "base")).FullName;
        await File.WriteAllTextAsync(Path.Combine(half, "1"), "half", Ct);
        await File.WriteAllTextAsync(Path.Combine(Root, "data.new-0123abcd.password"), "old", Ct);

        await using var server = await StartAsync(Options);

        Directory.EnumerateFileSystemEntries(Root, "data.new*").Should().BeEmpty();
    }

    [Fact]
    public async Task Foreign_files_in_the_place_of_the_data_are_not_touched()
    {
        var data = Directory.CreateDirectory(Path.Combine(Root, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "notes.txt"), "mine", Ct);

        var start = () => StartAsync(Options);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"{data} is not empty and yet no PostgreSQL data folder*");
        File.Exists(Path.Combine(data, "notes.txt")).Should().BeTrue();
    }

    [Fact]
    public async Task A_postmaster_that_does_not_come_up_is_quoted()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        File.Delete(Path.Combine(Root, "data", "global", "pg_control"));

        var start = () => StartAsync(Options);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage("PostgreSQL * did not come up on *Its last log lines*could not find the database system*pg_control*");
    }

    [Fact]
    public async Task A_setting_that_PostgreSQL_refuses_is_quoted_and_the_folder_is_free_again()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        var broken = Options with { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["no_such_setting"] = "1" } };
        var start = () => StartAsync(broken);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage("*unrecognized configuration parameter \"no_such_setting\"*");
        await using var server = await StartAsync(Options);

        server.ProcessId.Should().BePositive();
    }

    [Fact]
    public async Task A_lost_password_is_named_before_anything_starts()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        File.Delete(Path.Combine(Root, "password"));

        var start = () => StartAsync(Options);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"The password * can not be read from {Root}/password*");
        File.Exists(Path.Combine(Root, "data", PostmasterFile.FileName)).Should().BeFalse();
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_leaves_no_process()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        await File.WriteAllTextAsync(Path.Combine(Root, "password"), "wrong", Ct);

        var start = () => StartAsync(Options);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage("*with the password in * fails: 28P01*");
        File.Exists(Path.Combine(Root, "data", PostmasterFile.FileName)).Should().BeFalse();
    }

    [Fact]
    public async Task Missing_programs_are_named()
    {
        var start = () => StartAsync(Options with { Search = new BinarySearch(null, [], ["/opt/none/*/bin"]) });

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage("No usable PostgreSQL *CODER_PG_CONNECTION_URL*");
    }

    [Fact]
    public async Task A_long_path_puts_the_socket_into_a_short_temporary_folder_until_it_stops()
    {
        var options = Options with { ConfigDirectory = Path.Combine(_temporary.Path, new string('x', 60), new string('y', 60)) };
        await prepared.CopyToAsync(options.ConfigDirectory, Ct);
        var server = await StartAsync(options);
        var socketDirectory = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;

        await server.StopAsync(Ct);

        server.DataDirectory.Should().StartWith(options.ConfigDirectory);
        socketDirectory.Length.Should().BeLessThan(80);
        Directory.Exists(socketDirectory).Should().BeFalse();
    }

    [Fact]
    public async Task A_path_with_blanks_and_quotes_is_a_path()
    {
        var options = Options with { ConfigDirectory = Path.Combine(_temporary.Path, "it's $HOME, \"`x`\" \\") };
        await prepared.CopyToAsync(options.ConfigDirectory, Ct);

        await using var server = await StartAsync(options);

        (await ScalarAsync(server.ConnectionString, "select 1")).Should().Be(1);
    }

    [Fact]
    public async Task A_cancelled_start_leaves_no_process_and_no_lock()
    {
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        using var cancellation = new CancellationTokenSource();
        var start = EmbeddedPostgresServer.StartAsync(Options, NullLogger.Instance, TestClock.System, cancellation.Token);

        await cancellation.CancelAsync();
        var waiting = () => start;
        await waiting.Should().ThrowAsync<OperationCanceledException>();
        await using var next = await StartAsync(Options);

        next.Adopted.Should().BeFalse();
    }

    [Fact]
    public async Task Root_keeps_the_data_elsewhere_when_PostgreSQLs_account_can_not_reach_the_folder()
    {
        Assert.SkipUnless(ServiceAccount.ForThisProcess() is not null, "Only root runs PostgreSQL as another account.");
        var closed = Close(_temporary.Folder("closed"));
        var options = Options with { ConfigDirectory = Path.Combine(closed, "config") };

        await using var server = await StartAsync(options);
        var other = () => StartAsync(options with { ConfigDirectory = Path.Combine(closed, "other") });

        server.DataDirectory.Should().Be(Path.Combine(options.FallbackDirectory, "data"));
        (await other.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"*already holds the data of {options.ConfigDirectory}*");
    }

    [Fact]
    public async Task Root_does_not_begin_a_second_database_when_the_first_becomes_unreachable()
    {
        Assert.SkipUnless(ServiceAccount.ForThisProcess() is not null, "Only root runs PostgreSQL as another account.");
        await prepared.CopyToAsync(Options.ConfigDirectory, Ct);
        Close(Options.ConfigDirectory);

        var start = () => StartAsync(Options);

        (await start.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"The data in {Root}/data can not be reached by the account *");
    }

    private static Task<EmbeddedPostgresServer> StartAsync(EmbeddedPostgresOptions options) =>
        EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, TestClock.System, Ct);

    private static string Close(string folder)
    {
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        while (IsRunning(processId))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, Ct);
        }
    }

    /// <summary>A zombie has ended, however long nobody reaps it.</summary>
    private static bool IsRunning(int processId)
    {
        var stat = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat";
        return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
    }
}
