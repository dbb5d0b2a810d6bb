using System.Collections;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Coder.Api.Configuration;

/// <summary>
/// Where settings come from, weakest first: built-in value, settings file, environment, command line. All sources end up under the names
/// of <see cref="CoderOptions"/>; a name that is none of those is an error in a file or on the command line, and a warning in the environment.
/// </summary>
internal static class SettingsSources
{
    /// <summary>All names, such as <c>HTTP_ADDRESS</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(CoderOptions).GetProperties().Select(p => p.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)];

    /// <summary>Reads everything.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="environment">The environment.</param>
    /// <returns>The options, and what an operator should be warned about.</returns>
    /// <exception cref="SettingsException">A flag or a file can not be read.</exception>
    public static (CoderOptions Options, IReadOnlyList<string> Warnings) Read(IReadOnlyList<string> args, IDictionary environment)
    {
        var flags = ReadFlags(args);
        var variables = ReadEnvironment(environment, out var unknown);
        var path = flags.GetValueOrDefault("CONFIG_PATH") ?? variables.GetValueOrDefault("CONFIG_PATH");
        var file = string.IsNullOrEmpty(path) ? [] : ReadFile(path);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(file)
            .AddInMemoryCollection(variables)
            .AddInMemoryCollection(flags)
            .Build();
        var options = configuration.Get<CoderOptions>() ?? new CoderOptions();
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (source, values) in ((string, Dictionary<string, string?>)[])[("yaml", file), ("env", variables), ("flag", flags)])
        {
            foreach (var name in values.Keys)
            {
                sources[name] = source;
            }
        }

        options.Sources = sources;
        IReadOnlyList<string> warnings = unknown.Count == 0
            ? []
            : [$"Unknown settings in the environment are ignored: {string.Join(", ", unknown)}"];
        return (options, warnings);
    }

    private static Dictionary<string, string?> ReadEnvironment(IDictionary environment, out IReadOnlyList<string> unknown)
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is not string key || !key.StartsWith(CoderOptions.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var name = key[CoderOptions.Prefix.Length..];
            if (Names.Contains(name, StringComparer.Ordinal))
            {
                // Compose files and shells pass variables on that nobody has set as empty ones.
                if (entry.Value is string { Length: > 0 } value)
                {
                    known[name] = value;
                }
            }
            else if (!IsOfTheClient(name))
            {
                others.Add(key);
            }
        }

        // How hosts on this platform are told so.
        if ((environment["ASPNETCORE_ENVIRONMENT"] ?? environment["DOTNET_ENVIRONMENT"]) is string { Length: > 0 } host)
        {
            known.TryAdd("ENVIRONMENT", host);
        }

        others.Sort(StringComparer.Ordinal);
        unknown = others;
        return known;
    }

    // Variables of the command line client stand in the same environment.
    private static bool IsOfTheClient(string name) =>
        name is "URL" or "SESSION_TOKEN" or "ORGANIZATION" || name.StartsWith("FIRST_USER_", StringComparison.Ordinal);

    private static Dictionary<string, string?> ReadFlags(IReadOnlyList<string> args)
    {
        var flags = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                throw new SettingsException($"Unknown argument \"{arg}\". Flags look like --http-address 127.0.0.1:3000; --help lists them.");
            }

            var equals = arg.IndexOf('=', StringComparison.Ordinal);
            var name = ToName(equals < 0 ? arg[2..] : arg[2..equals])
                ?? throw new SettingsException($"Unknown flag \"{(equals < 0 ? arg : arg[..equals])}\". --help lists all flags.");
            if (equals >= 0)
            {
                flags[name] = arg[(equals + 1)..];
            }
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                flags[name] = args[++i];
            }
            else
            {
                flags[name] = "true";
            }
        }

        return flags;
    }

    private static Dictionary<string, string?> ReadFile(string path)
    {
        try
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
            var entries = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>?>(File.ReadAllText(path)) ?? [];
            foreach (var (key, value) in entries)
            {
                var name = ToName(key) ?? throw new SettingsException($"{path}: \"{key}\" is not a setting.");
                settings[name] = value switch
                {
                    null => "",
                    string text => text,
                    IEnumerable<object?> list when list.All(item => item is null or string) => string.Join(',', list),
                    _ => throw new SettingsException($"{path}: \"{key}\" must be a text or a list of texts."),
                };
            }

            return settings;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{CoderOptions.Prefix}CONFIG_PATH: {e.Message}");
        }
        catch (YamlException e)
        {
            throw new SettingsException($"{path}, line {e.Start.Line}: not valid YAML.");
        }
    }

    private static string? ToName(string key)
    {
        var name = key.Replace('-', '_').ToUpperInvariant();
        return Names.Contains(name, StringComparer.Ordinal) ? name : null;
    }
}

/// <summary>Settings that can not be read. The message is for an operator and stops the start.</summary>
internal sealed class SettingsException(string message) : Exception(message);
