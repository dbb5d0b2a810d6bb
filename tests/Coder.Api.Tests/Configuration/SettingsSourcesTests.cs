using System.Collections;
using System.Globalization;
using Coder.Api.Configuration;

namespace Coder.Api.Tests.Configuration;

public sealed class SettingsSourcesTests : IDisposable
{
    private readonly string _file = Path.Combine(
        Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"coder-settings-{Random.Shared.NextInt64()}.yaml"));

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void An_empty_variable_counts_as_none()
    {
        var (options, _) = Read([], new Hashtable { ["CODER_SESSION_DURATION"] = "", ["CODER_HTTP_ADDRESS"] = "" });

        options.SessionDuration.Should().Be("24h");
        options.HttpAddress.Should().Be("127.0.0.1:3000");
    }

    [Fact]
    public void Without_any_source_the_built_in_values_hold()
    {
        var (options, warnings) = Read([], []);

        options.Should().BeEquivalentTo(new CoderOptions());
        warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false, false, false, "24h")]
    [InlineData(true, false, false, "1h")]
    [InlineData(true, true, false, "2h")]
    [InlineData(true, true, true, "3h")]
    [InlineData(true, false, true, "3h")]
    [InlineData(false, true, true, "3h")]
    public void A_flag_wins_over_the_environment_and_that_over_the_file(
        bool inFile, bool inEnvironment, bool onCommandLine, string expected)
    {
        File.WriteAllText(_file, inFile ? "session_duration: 1h" : "");
        var environment = new Hashtable { ["CODER_CONFIG_PATH"] = _file };
        if (inEnvironment)
        {
            environment["CODER_SESSION_DURATION"] = "2h";
        }

        var (options, _) = Read(onCommandLine ? ["--session-duration", "3h"] : [], environment);

        options.SessionDuration.Should().Be(expected);
    }

    [Fact]
    public void Every_setting_is_a_flag_a_variable_and_a_key_of_the_file()
    {
        foreach (var name in SettingsSources.Names)
        {
            if (name == "CONFIG_PATH")
            {
                continue;
            }

            File.WriteAllText(_file, $"{name.ToLowerInvariant()}: value");
            var configured = new Hashtable { ["CODER_CONFIG_PATH"] = _file };

            ValueOf(name, Read([], configured).Options).Should().Be("value", name);
            ValueOf(name, Read([], new Hashtable { [$"CODER_{name}"] = "value" }).Options).Should().Be("value", name);
            ValueOf(name, Read([$"--{name.ToLowerInvariant().Replace('_', '-')}=value"], []).Options).Should().Be("value", name);
        }
    }

    [Theory]
    [InlineData("--verbose", "true")]
    [InlineData("--verbose=false", "false")]
    [InlineData("--verbose --telemetry-enable", "true")]
    [InlineData("--verbose false", "false")]
    [InlineData("--VERBOSE", "true")]
    [InlineData("--verbose= ", "")]
    [InlineData("--verbose=false --verbose=true", "true")]
    public void A_flag_without_a_value_is_on_and_the_last_of_two_counts(string line, string expected)
    {
        var (options, _) = Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), []);

        options.Verbose.Should().Be(expected);
    }

    [Fact]
    public void The_value_of_a_flag_may_hold_an_equals_sign()
    {
        var (options, _) = Read(["--license-keys=kid=AAAA=,other=BBBB="], []);

        options.LicenseKeys.Should().Be("kid=AAAA=,other=BBBB=");
    }

    [Theory]
    [InlineData("license_keys: a=1,b=2", "a=1,b=2")]
    [InlineData("license_keys: [a=1, b=2]", "a=1,b=2")]
    [InlineData("license_keys:\n  - a=1\n  - b=2\n", "a=1,b=2")]
    [InlineData("license-keys: a=1", "a=1")]
    [InlineData("license_keys:", "")]
    [InlineData("# nothing", "")]
    [InlineData("", "")]
    public void A_list_of_the_file_is_the_same_as_its_values_with_commas(string yaml, string expected)
    {
        File.WriteAllText(_file, yaml);

        var (options, _) = Read(["--config-path", _file], []);

        options.LicenseKeys.Should().Be(expected);
    }

    [Theory]
    [InlineData("verbose: true", "true")]
    [InlineData("verbose: \"yes\"", "yes")]
    public void Scalars_of_the_file_are_taken_as_they_are_written(string yaml, string expected)
    {
        File.WriteAllText(_file, yaml);

        var (options, _) = Read(["--config-path", _file], []);

        options.Verbose.Should().Be(expected);
    }

    [Fact]
    public void The_path_of_the_file_may_come_from_a_flag_or_from_the_environment_and_the_flag_wins()
    {
        File.WriteAllText(_file, "session_duration: 1h");

        var (options, _) = Read(["--config-path", _file], new Hashtable { ["CODER_CONFIG_PATH"] = "/nowhere" });

        options.SessionDuration.Should().Be("1h");
    }

    [Theory]
    [InlineData("--nonsense", "Unknown flag \"--nonsense\". --help lists all flags.")]
    [InlineData("--nonsense=hunter2", "Unknown flag \"--nonsense\". --help lists all flags.")]
    [InlineData("serve", "Unknown argument \"serve\". Flags look like --http-address 127.0.0.1:3000; --help lists them.")]
    [InlineData("-v", "Unknown argument \"-v\". Flags look like --http-address 127.0.0.1:3000; --help lists them.")]
    [InlineData("--", "Unknown flag \"--\". --help lists all flags.")]
    public void An_unknown_flag_stops_the_start(string argument, string message)
    {
        var read = () => Read([argument], []);

        read.Should().Throw<SettingsException>().WithMessage(message);
    }

    [Theory]
    [InlineData("nonsense: 1", "*: \"nonsense\" is not a setting.")]
    [InlineData("verbose:\n  nested: 1", "*: \"verbose\" must be a text or a list of texts.")]
    [InlineData("verbose: [[a]]", "*: \"verbose\" must be a text or a list of texts.")]
    [InlineData("a: 1\n  b: 2", "*, line 2: not valid YAML.")]
    [InlineData("- verbose", "*, line 1: not valid YAML.")]
    [InlineData("just text", "*, line 1: not valid YAML.")]
    public void A_bad_file_stops_the_start(string yaml, string message)
    {
        File.WriteAllText(_file, yaml);

        var read = () => Read(["--config-path", _file], []);

        read.Should().Throw<SettingsException>().WithMessage(message).Which.Message.Should().Contain(_file);
    }

    [Fact]
    public void A_file_that_is_not_there_stops_the_start()
    {
        var read = () => Read(["--config-path", "/nowhere/coder.yaml"], []);

        read.Should().Throw<SettingsException>().WithMessage("CODER_CONFIG_PATH: *");
    }

    [Fact]
    public void Unknown_variables_are_named_without_their_values_and_those_of_the_client_are_known()
    {
        var environment = new Hashtable
        {
            ["CODER_NONSENSE"] = "hunter2",
            ["CODER_ACCES_URL"] = "x",
            ["CODER_URL"] = "x",
            ["CODER_SESSION_TOKEN"] = "x",
            ["CODER_FIRST_USER_EMAIL"] = "x",
            ["PATH"] = "x",
        };

        var (_, warnings) = Read([], environment);

        warnings.Should().Equal("Unknown settings in the environment are ignored: CODER_ACCES_URL, CODER_NONSENSE");
    }

    private static (CoderOptions Options, IReadOnlyList<string> Warnings) Read(string[] args, Hashtable environment) =>
        SettingsSources.Read(args, environment);

    private static object? ValueOf(string name, CoderOptions options) => typeof(CoderOptions).GetProperties()
        .Single(p => p.Name.Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)).GetValue(options);
}
