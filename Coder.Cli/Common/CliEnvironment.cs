using System.Collections;

namespace Coder.Cli.Common;

/// <summary>What the tool knows about the user's surroundings, as values.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Environment variables; an empty one counts as absent.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The platform's folder for the configuration of programs, such as <c>~/.config</c>.</summary>
    public required string UserConfigDirectory { get; init; }

    /// <summary>Relative paths of options start here.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Makes the ids of issued licenses.</summary>
    public required Func<Guid> NewId { get; init; }

    /// <summary>Tells commands that end in two steps of the second one; the first one is their cancellation token.</summary>
    public StopSignals? Stop { get; init; }

    /// <summary>The surroundings of this process.</summary>
    internal static CliEnvironment OfProcess(Func<Guid> newId, StopSignals stop) => new()
    {
        Stop = stop,
        Variables = Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(
                entry => (string)entry.Key,
                entry => entry.Value as string ?? "",
                OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal),
        UserConfigDirectory = Environment.GetFolderPath(
            Environment.SpecialFolder.ApplicationData,
            Environment.SpecialFolderOption.DoNotVerify),
        WorkingDirectory = Environment.CurrentDirectory,
        NewId = newId,
    };

    /// <summary>A variable's value, or <see langword="null"/> when it is absent or empty.</summary>
    internal string? Variable(string name) => Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The absolute form of a path that the user gave.</summary>
    internal string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);
}
