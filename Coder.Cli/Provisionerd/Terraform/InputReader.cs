namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Reads what a template asks for: the data sources <c>coder_parameter</c> and <c>coder_workspace_preset</c>.</summary>
internal static class InputReader
{
    /// <summary>The parameters in the order of the form: by their <c>order</c>, then by name.</summary>
    internal static IReadOnlyList<ParameterJson> Parameters(TerraformDocument document) =>
    [
        .. Data(document, "coder_parameter")
            .OrderBy(values => values.Number("order") ?? 0)
            .ThenBy(values => values.Text("name"), StringComparer.Ordinal)
            .Select(Parameter),
    ];

    /// <summary>The presets by name.</summary>
    internal static IReadOnlyList<PresetJson> Presets(TerraformDocument document) =>
        [.. Data(document, "coder_workspace_preset").OrderBy(values => values.Text("name"), StringComparer.Ordinal).Select(Preset)];

    private static IEnumerable<Attributes> Data(TerraformDocument document, string type) =>
        document.Resources.Where(resource => resource.IsData && resource.Type == type).Select(resource => resource.Values);

    private static ParameterJson Parameter(Attributes values)
    {
        var rule = values.Blocks("validation") is [var first, ..] ? first : default;
        var options = values.Blocks("option").Select(option => new OptionJson(
            option.Text("name") ?? "", option.Text("description"), option.Text("value") ?? "", option.Text("icon"))).ToList();
        return new ParameterJson
        {
            Name = values.Text("name") ?? "",
            DisplayName = values.Text("display_name"),
            Description = values.Text("description"),
            Type = NotEmpty(values.Text("type")),
            FormType = NotEmpty(values.Text("form_type")),
            Mutable = values.Flag("mutable") ?? false,
            DefaultValue = Default(values),
            Icon = values.Text("icon"),
            Options = options.Count > 0 ? options : null,
            ValidationRegex = rule.Text("regex"),
            ValidationError = rule.Text("error"),
            ValidationMin = Limit(rule, "min"),
            ValidationMax = Limit(rule, "max"),
            ValidationMonotonic = rule.Text("monotonic"),
            Ephemeral = values.Flag("ephemeral") ?? false,
        };
    }

    // The provider notes whether there is a default, for an empty one is one.
    private static string? Default(Attributes values) => (values.Flag("optional"), values.Text("default")) switch
    {
        (true, var text) => text ?? "",
        (false, _) => null,
        (null, var text) => text,
    };

    // A limit that nobody set is 0 and marked as such.
    private static int? Limit(Attributes rule, string name) => rule.Flag($"{name}_disabled") is true ? null : rule.Number(name);

    private static PresetJson Preset(Attributes values) => new()
    {
        Name = values.Text("name") ?? "",
        Description = values.Text("description"),
        Icon = values.Text("icon"),
        Default = values.Flag("default") ?? false,
        Parameters = values.Map("parameters"),
        Prebuilds = values.Blocks("prebuilds") is [var prebuilds, ..] ? Prebuilds(prebuilds) : null,
    };

    private static PrebuildsJson Prebuilds(Attributes values) => new(
        values.Number("instances") ?? 0,
        values.Blocks("expiration_policy") is [var policy, ..] ? new ExpirationJson(policy.Number("ttl") ?? 0) : null,
        values.Blocks("scheduling") is [var scheduling, ..]
            ? new SchedulingJson(
                scheduling.Text("timezone") ?? "",
                [.. scheduling.Blocks("schedule").Select(hours => new ScheduleJson(hours.Text("cron") ?? "", hours.Number("instances") ?? 0))])
            : null);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
