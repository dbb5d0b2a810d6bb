using Coder.Domain.Prebuilds;

namespace Coder.Domain.Templates;

/// <summary>Reads what a template asks for: variables, parameters and presets.</summary>
internal static class ManifestInputReader
{
    private const int MaximumName = 128;
    private const int MaximumDescription = 128;
    private const int MaximumIcon = 256;

    public static TemplateInputs Inputs(ManifestNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var variables = node.Items("variables", variable => Variable(variable, names));
        names = new HashSet<string>(StringComparer.Ordinal);
        var parameters = node.Items("parameters", parameter => Parameter(parameter, names));
        if (parameters.Count > TemplateParameter.MaximumCount)
        {
            node.Complain("parameters", $"must have at most {TemplateParameter.MaximumCount} items");
        }

        names = new HashSet<string>(StringComparer.Ordinal);
        var byName = parameters.DistinctBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var hasDefault = false;
        var presets = node.Items("presets", preset => Preset(preset, names, byName, ref hasDefault));
        return new TemplateInputs { Variables = variables, Parameters = parameters, Presets = presets };
    }

    private static TemplateVariable Variable(ManifestNode node, HashSet<string> names)
    {
        var variable = new TemplateVariable
        {
            Name = Name(node, names),
            Description = node.Text("description"),
            Type = node.Choice("type", ParameterTypes.WireName, ParameterType.Text, ParameterType.ListOfText),
            DefaultValue = node.TextOrNull("default_value"),
            Required = node.Flag("required"),
            Sensitive = node.Flag("sensitive"),
        };
        if (variable.DefaultValue is { } value && ParameterRules.CheckType(variable.Type, value) is { } problem)
        {
            node.Complain("default_value", problem);
        }

        return variable;
    }

    private static TemplateParameter Parameter(ManifestNode node, HashSet<string> seen)
    {
        var name = Name(node, seen);
        var type = node.Choice("type", ParameterTypes.WireName, ParameterType.Text);
        var hasOptions = node.Has("options");
        var formTypes = ParameterRules.FormTypes(type, hasOptions);
        var parameter = new TemplateParameter
        {
            Name = name,
            DisplayName = node.Text("display_name"),
            Description = node.Text("description"),
            Type = type,
            FormType = node.Choice("form_type", ParameterFormTypes.WireName, formTypes[0]),
            Mutable = node.Flag("mutable", absent: true),
            DefaultValue = node.TextOrNull("default_value"),
            Icon = node.Text("icon", MaximumIcon),
            Options = Options(node),
            ValidationRegex = node.Text("validation_regex"),
            ValidationError = node.Text("validation_error"),
            ValidationMin = node.NumberOrNull("validation_min"),
            ValidationMax = node.NumberOrNull("validation_max"),
            ValidationMonotonic = node.Choice("validation_monotonic", MonotonicOrders.WireName, MonotonicOrder.None),
            Ephemeral = node.Flag("ephemeral"),
        };
        if (!formTypes.Contains(parameter.FormType))
        {
            var names = string.Join(", ", formTypes.Select(form => form.WireName()));
            node.Complain("form_type", $"must be one of {names} for this type and options");
        }

        if (HasUsableRules(node, parameter))
        {
            CheckValues(node, parameter);
        }

        return parameter;
    }

    private static List<ParameterOption> Options(ManifestNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var values = new HashSet<string>(StringComparer.Ordinal);
        var options = node.Items("options", option =>
        {
            var read = new ParameterOption(
                option.RequiredText("name"),
                option.Text("description"),
                option.Text("value"),
                option.Text("icon", MaximumIcon));
            option.MustBeUnique("name", read.Name, names);
            if (!option.Has("value"))
            {
                option.Complain("value", "is required");
            }
            else if (!values.Add(read.Value))
            {
                option.Complain("value", "must be unique");
            }

            return read;
        });
        if (options.Count == 0 && node.Has("options"))
        {
            node.Complain("options", "must not be empty");
        }

        return options;
    }

    /// <summary>Values are judged by rules only if the rules themselves are in order.</summary>
    private static bool HasUsableRules(ManifestNode node, TemplateParameter parameter)
    {
        var isUsable = true;
        if (parameter.ValidationRegex.Length > 0)
        {
            Require(parameter.Type == ParameterType.Text, "validation_regex", "is for the type string only");
            if (ParameterRules.CheckRegex(parameter.ValidationRegex) is { } problem)
            {
                Require(false, "validation_regex", problem);
            }
        }

        if (parameter.Type != ParameterType.Number)
        {
            Require(parameter.ValidationMin is null, "validation_min", "is for the type number only");
            Require(parameter.ValidationMax is null, "validation_max", "is for the type number only");
            Require(parameter.ValidationMonotonic == MonotonicOrder.None, "validation_monotonic", "is for the type number only");
        }

        Require(!(parameter.ValidationMin > parameter.ValidationMax), "validation_min", "must not be greater than validation_max");
        Require(!parameter.Ephemeral || parameter.Mutable, "ephemeral", "needs mutable");
        Require(!parameter.Ephemeral || !parameter.Required, "ephemeral", "needs default_value");
        return isUsable;

        void Require(bool holds, string name, string text)
        {
            if (!holds)
            {
                isUsable = false;
                node.Complain(name, text);
            }
        }
    }

    private static void CheckValues(ManifestNode node, TemplateParameter parameter)
    {
        var choices = parameter.FormType == ParameterFormType.MultiSelect ? ParameterType.Text : parameter.Type;
        for (var i = 0; i < parameter.Options.Count; i++)
        {
            if (ParameterRules.CheckType(choices, parameter.Options[i].Value) is { } problem)
            {
                node.Complain("options", i, "value", problem);
            }
        }

        if (parameter.DefaultValue is { } value && ParameterRules.Check(parameter, value) is { } wrong)
        {
            node.Complain("default_value", wrong);
        }
    }

    private static TemplatePreset Preset(
        ManifestNode node,
        HashSet<string> names,
        Dictionary<string, TemplateParameter> parameters,
        ref bool hasDefault)
    {
        var name = Name(node, names);
        var isDefault = node.Flag("default");
        if (isDefault && hasDefault)
        {
            node.Complain("default", "must be true for one preset only");
        }

        hasDefault |= isDefault;
        var values = node.Map("parameters");
        foreach (var (parameter, value) in values)
        {
            var problem = parameters.TryGetValue(parameter, out var known)
                ? ParameterRules.Check(known, value)
                : "is not a parameter of the template";
            if (problem is not null)
            {
                node.Complain("parameters", parameter, problem);
            }
        }

        return new TemplatePreset
        {
            Name = name,
            Description = node.Text("description", MaximumDescription),
            Icon = node.Text("icon", MaximumIcon),
            IsDefault = isDefault,
            Parameters = values,
            Prebuilds = node.Object("prebuilds", Prebuilds),
        };
    }

    private static PresetPrebuilds Prebuilds(ManifestNode node)
    {
        if (!node.Has("instances"))
        {
            node.Complain("instances", "is required");
        }

        var scheduling = node.Object("scheduling", Scheduling);
        return new PresetPrebuilds
        {
            Instances = node.Number("instances", minimum: 0),
            Ttl = node.Object("expiration_policy", Ttl),
            Timezone = scheduling?.Timezone ?? "",
            Schedules = scheduling?.Schedules ?? [],
        };
    }

    private static TimeSpan? Ttl(ManifestNode node) =>
        node.Number("ttl", minimum: 0) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static PresetScheduling Scheduling(ManifestNode node)
    {
        var timezone = node.RequiredText("timezone");
        var schedules = node.Items("schedule", schedule =>
        {
            if (!schedule.Has("instances"))
            {
                schedule.Complain("instances", "is required");
            }

            return new PrebuildSchedule(schedule.RequiredText("cron"), schedule.Number("instances", minimum: 0));
        });
        if (schedules.Count == 0)
        {
            node.Complain("schedule", node.Has("schedule") ? "must not be empty" : "is required");
        }

        if (timezone.Length > 0
            && schedules.TrueForAll(schedule => schedule.Cron.Length > 0)
            && !PrebuildScheduling.TryCreate(timezone, schedules, out _, out var problem))
        {
            if (problem.Index is { } index)
            {
                node.Complain("schedule", index, "cron", problem.Text);
            }
            else
            {
                node.Complain("timezone", problem.Text);
            }
        }

        return new PresetScheduling(timezone, schedules);
    }

    private static string Name(ManifestNode node, HashSet<string> names)
    {
        var name = node.RequiredText("name", MaximumName);
        node.MustBeUnique("name", name, names);
        if (name.Contains('}', StringComparison.Ordinal))
        {
            node.Complain("name", "must not contain }");
        }

        return name;
    }

    private sealed record PresetScheduling(string Timezone, IReadOnlyList<PrebuildSchedule> Schedules);
}
