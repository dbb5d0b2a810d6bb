using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;

namespace Coder.Api.Deployment;

/// <summary>The settings of this server, without secrets.</summary>
/// <param name="Config">The values as a tree.</param>
/// <param name="Options">Every setting with its origin and meaning.</param>
public sealed record DeploymentConfigJson(IReadOnlyDictionary<string, JsonElement> Config, IReadOnlyList<OptionJson> Options);

/// <summary>One setting.</summary>
/// <param name="Name">The name for people.</param>
/// <param name="Description">What it does.</param>
/// <param name="Required">Always false.</param>
/// <param name="Flag">The flag of the command line, without hyphens before it.</param>
/// <param name="FlagShorthand">Empty: there are no short flags.</param>
/// <param name="Env">The environment variable.</param>
/// <param name="Yaml">The key of the settings file.</param>
/// <param name="Default">The built-in value as text; empty for secrets.</param>
/// <param name="Value">The value in force: a boolean, a number (nanoseconds for durations), a list or a text; empty for secrets.</param>
/// <param name="ValueSource">Where the value comes from; empty when the embedding program set it.</param>
/// <param name="Annotations">Hints for clients.</param>
/// <param name="Group">What it belongs to; left out when nothing.</param>
/// <param name="UseInstead">Settings that replace it; none.</param>
/// <param name="Hidden">Always false.</param>
public sealed record OptionJson(
    string Name,
    string Description,
    bool Required,
    string Flag,
    string FlagShorthand,
    string Env,
    string Yaml,
    string Default,
    JsonElement Value,
    [property: DocumentedTexts("", "flag", "env", "yaml", "default")] string ValueSource,
    IReadOnlyDictionary<string, string> Annotations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OptionGroupJson? Group,
    IReadOnlyList<OptionJson> UseInstead,
    bool Hidden);

/// <summary>What settings belong to.</summary>
/// <param name="Name">The name for people.</param>
/// <param name="Yaml">The same as a key.</param>
/// <param name="Description">More about it; may be empty.</param>
/// <param name="Parent">What it belongs to itself; left out when nothing.</param>
public sealed record OptionGroupJson(
    string Name,
    string Yaml,
    string Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OptionGroupJson? Parent);
