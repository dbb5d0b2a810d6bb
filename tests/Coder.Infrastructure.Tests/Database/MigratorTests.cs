using System.Security.Cryptography;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Infrastructure.Tests.Database;

public sealed class MigratorTests
{
    private const string Journal = "select count(*) from schema_versions";
    private const string Tables = "select count(*) from pg_tables where schemaname = 'public'";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    /// <summary>What databases out there have run. A line is added for every new file, and never changed.</summary>
    private static readonly Dictionary<string, string> Landed = new(StringComparer.Ordinal)
    {
        ["0001_platform.sql"] = "87787965c9fbafe48cf5d5e50e9ad9421994e16cca4fc39a603761ac7f69ffd8",
        ["0002_licensing.sql"] = "f2b7c27330f9ca868c3b3b2a4d085ab631970c1a9a9bc07cb0267f6fca064f73",
        ["0003_replicas.sql"] = "d585ac8d5b4301e780e95dbe6d522d7104953478a6bb979baf1710ef9f04b99c",
        ["0004_audit_logs.sql"] = "5cd2722ca8ebf03750aff40c3cda4d28247c206cd1b20a511e32e4ee5d6dcfce",
        ["0005_users.sql"] = "f5c871090c5046492d8d972dec9df51ef1925aee168ac2eaab31ae6e5700d8bd",
        ["0006_deployment.sql"] = "7a046f9668c4e37d7cf7476b3ca2fbdc725c8f5cf7abfa84e5676b083572bdac",
        ["0007_organizations.sql"] = "5ad0513f3ce3f83d44e0326630c21aaf117f403058ccea2e54609e1b857103f0",
        ["0008_workspaces.sql"] = "b1399a5d97f75430e86bc27e46a6e9f5a30ce680fe5f590133794ac4806c9f4d",
        ["0009_connection_logs.sql"] = "1c6aedf131bc0c76765c6d485f401055ca39190c1dd50bb1ac17a4d5656a9af0",
        ["0010_built_in_daemons.sql"] = "e622c5f790afc8eb2f0841642491ad3a49f62d2acf08967e6b9708079083dd56",
        ["0011_template_version_provisioner.sql"] = "db187658e3d7c61bcd9488197b7292a92e46d20aca904526b5f90f3982684f64",
        ["0012_workspace_latest_builds.sql"] = "c18189c583b12a9ac919571dec46c1987d939b02501d55a551975cdafff2c2df",
        ["0013_workspace_changes.sql"] = "916082f65d856988dae8e6649cd6abf4a163218918df7035135f0d64e82e50a7",
        ["0014_agents.sql"] = "e8a1137503d943465f7f724a5d7a99e7202b9a1def17e77f17fa7fdc11547de0",
        ["0015_connection_log_totals.sql"] = "64b3fc0bc21ad1d6a5d76d5442e3435acb77f1f79dd78d681f369425c123042d",
        ["0016_ended_sessions.sql"] = "20313d907c74ad76def799d8e1126145a89f95fc8cb2c52fab7c1db810ee0ceb",
        ["0017_scoped_keys.sql"] = "2fc890ed01ba9caeab9a10894350b0ee2e1030992404f54da7adbcb4b65769d8",
        ["0018_workspace_leftovers.sql"] = "44013fea9bcbe5a1d3ecbd9f93686a55d7aeca8fc59f493112f6172256394f68",
        ["0019_connection_log_partitions.sql"] = "d0e80cd2a30f3031dd66739a4ec6c98f63ea857c5783eabe1ffab03967094f42",
        ["0020_rights_and_requests.sql"] = "56a1b4893264c169f098289b65a02cbb749d5c12582f5edab0867301fe8b7a99",
        ["0021_connection_log_numbers.sql"] = "a9d88d23a60dd971040d37f531572f8dbae6a3fa8e531c395667da1541f73e44",
        ["0022_web_session_rows.sql"] = "149cea135388f3bc9e6543aceeab5a4eba0cc171ceee20e21fd02d5ebd7bd683",
        ["0023_agent_timeouts.sql"] = "29ccc9da37866971d2679633eebaddcf6073d875d488c085661ba2c318e10900",
        ["0024_connection_log_bounds.sql"] = "4e67a98cb7e3443c25cf311f5bd8abb6dc8f5511c529cc433736169ac6c58821",
        ["0025_workspace_parameter_values.sql"] = "f85e7dd64e8b40092426813181fd23ad4b58fce1f560e9275cd72f05a1b98724",
    };

    [Fact]
    public async Task A_fresh_database_gets_all_scripts_in_their_order()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Ct);

        await MigrateAsync(database);

        var names = await database.ScalarAsync<string[]>(
            "select array_agg(scriptname::text order by schemaversionsid) from schema_versions", Ct);
        names.Should().Equal(Migrator.Scripts);
        (await database.ScalarAsync<string>("select value from site_configs where key = 'deployment_id'", Ct)).Should().NotBeEmpty();
        (await database.ScalarAsync<string>("select name from organizations where is_default", Ct)).Should().Be("coder");
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Ct);
        await MigrateAsync(database);
        var id = await database.ScalarAsync<string>("select value from site_configs where key = 'deployment_id'", Ct);

        await MigrateAsync(database);

        (await database.ScalarAsync<long>(Journal, Ct)).Should().Be(Migrator.Scripts.Count);
        (await database.ScalarAsync<string>("select value from site_configs where key = 'deployment_id'", Ct)).Should().Be(id);
    }

    [Fact]
    public async Task Servers_that_start_at_once_migrate_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Ct);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(database)));

        (await database.ScalarAsync<long>(Journal, Ct)).Should().Be(Migrator.Scripts.Count);
        (await database.ScalarAsync<long>("select count(*) from organizations", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_newer_database_is_left_alone()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await database.ExecuteAsync("insert into schema_versions (scriptname, applied) values ('9999_future.sql', now())", Ct);
        var tables = await database.ScalarAsync<long>(Tables, Ct);

        await MigrateAsync(database);

        (await database.ScalarAsync<long>(Tables, Ct)).Should().Be(tables);
    }

    [Fact]
    public async Task A_script_that_fails_is_named_and_leaves_nothing_of_itself()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Ct);
        await database.ExecuteAsync("create table organizations (in_the_way int)", Ct);

        var migrate = () => MigrateAsync(database);

        (await migrate.Should().ThrowAsync<InvalidOperationException>()).WithMessage("Migration 0001_platform.sql failed: *organizations*");
        (await database.ScalarAsync<bool>("select to_regclass('users') is null", Ct)).Should().BeTrue();
    }

    [Fact]
    public void A_script_that_was_published_never_changes()
    {
        var scripts = Migrator.Scripts.ToDictionary(name => name, Sum, StringComparer.Ordinal);

        scripts.Should().BeEquivalentTo(Landed, "a database that has run a script never runs it again: changes go into a new one");
    }

    [Fact]
    public void Scripts_are_numbered_without_a_gap() =>
        Migrator.Scripts.Select(name => name[..4]).Should().Equal(Enumerable.Range(1, Migrator.Scripts.Count).Select(n => $"{n:0000}"));

    private static Task MigrateAsync(TestDatabase database) => new Migrator(database.ConnectionString, NullLogger.Instance).RunAsync(Ct);

    private static string Sum(string script)
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(script)!;
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
