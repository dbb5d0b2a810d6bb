using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

public sealed class PostgresBinariesTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder _temporary = new();

    private string Pattern => Path.Combine(_temporary.Path, "*", "bin");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Of_several_versions_the_highest_is_taken()
    {
        Install("9", "15.4");
        Install("16", "16.1");
        Install("15", "15.4");

        var found = await PostgresBinaries.FindAsync(new BinarySearch(null, [], [Pattern]), null, null, Ct);

        found.Major.Should().Be(16);
        found.Directory.Should().Be(Path.Combine(_temporary.Path, "16", "bin"));
    }

    [Fact]
    public async Task Existing_data_decides_the_version()
    {
        Install("16", "16.1");
        Install("15", "15.4");

        var found = await PostgresBinaries.FindAsync(new BinarySearch(null, [], [Pattern]), dataMajor: 15, null, Ct);

        found.Major.Should().Be(15);
    }

    [Fact]
    public async Task The_path_comes_before_the_installers_folders()
    {
        Install("16", "16.1");
        var onPath = Install("path", "14.9 (Debian 14.9-1)");

        var found = await PostgresBinaries.FindAsync(new BinarySearch(null, ["/nowhere", onPath], [Pattern]), null, null, Ct);

        found.Should().Be(new PostgresBinaries(onPath, 14));
    }

    [Fact]
    public async Task A_configured_folder_is_the_only_place()
    {
        Install("16", "16.1");
        var empty = _temporary.Folder("empty");

        var find = () => PostgresBinaries.FindAsync(new BinarySearch(empty, [], [Pattern]), null, null, Ct);

        (await find.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"*Looked in: {empty} (CODER_PG_BIN). Not usable: {empty}: postgres, initdb, pg_ctl missing.*");
    }

    [Fact]
    public async Task Nothing_found_names_every_place_and_every_way_out()
    {
        var find = () => PostgresBinaries.FindAsync(new BinarySearch(null, [], ["/opt/none/*/bin"]), null, null, Ct);

        (await find.Should().ThrowAsync<EmbeddedPostgresException>()).Which.Message.Should().Be(
            "No usable PostgreSQL (13 or newer, with postgres, initdb, pg_ctl) was found. " +
            "Looked in: CODER_PG_BIN (not set), PATH, /opt/none/*/bin. " +
            "Run script/bootstrap, or install PostgreSQL 13 or newer, or name the folder of its programs in CODER_PG_BIN, " +
            "or set CODER_PG_CONNECTION_URL to use a PostgreSQL server of your own.");
    }

    [Fact]
    public async Task A_version_that_is_too_old_is_named_as_the_reason()
    {
        var old = Install("12", "12.22");

        var find = () => PostgresBinaries.FindAsync(new BinarySearch(null, [], [Pattern]), null, null, Ct);

        (await find.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"*Not usable: {old}: PostgreSQL 12 is too old.*");
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_there_is_named_as_the_reason()
    {
        var other = Install("16", "16.1");

        var find = () => PostgresBinaries.FindAsync(new BinarySearch(null, [], [Pattern]), dataMajor: 13, null, Ct);

        (await find.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"The data was written by PostgreSQL 13, and that version was not found;*{other}: PostgreSQL 16 can not read *");
    }

    [Fact]
    public async Task A_program_that_does_not_run_is_named_as_the_reason()
    {
        var broken = Install("15", "15.4");
        await File.WriteAllTextAsync(Path.Combine(broken, "postgres"), "#!/bin/sh\necho 'libpq.so.5: not found' >&2\nexit 127\n", Ct);

        var find = () => PostgresBinaries.FindAsync(new BinarySearch(null, [], [Pattern]), null, null, Ct);

        (await find.Should().ThrowAsync<EmbeddedPostgresException>())
            .WithMessage($"*{broken}: postgres --version says: libpq.so.5: not found.*");
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18beta1", 18)]
    [InlineData("postgres (PostgreSQL) 17devel", 17)]
    [InlineData("postgres (PostgreSQL)", null)]
    [InlineData("something else 15", null)]
    public void The_version_is_read_from_what_postgres_says(string output, int? major) =>
        PostgresBinaries.ParseMajor(output).Should().Be(major);

    private string Install(string folder, string version)
    {
        var bin = _temporary.Folder(folder, "bin");
        foreach (var program in new[] { "postgres", "initdb", "pg_ctl" })
        {
            var path = Path.Combine(bin, program);
            File.WriteAllText(path, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return bin;
    }
}
