using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder create</c>: a workspace from a template, and its first start.</summary>
internal sealed class CreateCommand
{
    private const string NoPreset = "none";

    private readonly CliContext _context;
    private readonly OrganizationOption _organization;
    private readonly ParameterOptions _parameters;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();

    private readonly Argument<string?> _name = new("name")
    {
        Description = "Name of the workspace, or owner/name for one of somebody else; asked for on a terminal.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _template = new("--template", "-t")
    {
        Description = "Template that the workspace is made from; asked for on a terminal.",
        HelpName = "template",
    };

    private readonly Option<string?> _version = new("--template-version")
    {
        Description = "Version of the template. Default: the active one.",
        HelpName = "version",
    };

    private readonly Option<string?> _preset = new("--preset")
    {
        Description = $"Preset of the template whose values are taken; \"{NoPreset}\" for none. Default: the default one of the template.",
        HelpName = "preset",
    };

    private readonly Option<string?> _startAt = new("--start-at")
    {
        Description = "When the workspace is started every week, such as \"9:30AM Mon-Fri Europe/Dublin\"; days and zone may be left out.",
        HelpName = "time",
    };

    private readonly Option<string?> _stopAfter = new("--stop-after")
    {
        Description = "How long the workspace runs after a start, such as 8h. Default: as the template says.",
        HelpName = "duration",
    };

    private readonly Option<string?> _updates = new("--automatic-updates")
    {
        Description = "Whether the workspace moves to the active version of its template when it is started by itself: always, or never.",
        HelpName = "when",
    };

    private CreateCommand(CliContext context)
    {
        _context = context;
        _organization = new OrganizationOption(context);
        _parameters = new ParameterOptions(context);
        _run = new BuildRun(context);
        _updates.AcceptOnlyFromAmong("always", "never");
    }

    internal static Command Create(CliContext context)
    {
        var create = new CreateCommand(context);
        var command = new Command("create", "Create a workspace from a template and start it.")
        {
            create._name,
            create._template,
            create._version,
            create._preset,
            create._startAt,
            create._stopAfter,
            create._updates,
            create._organization.Option,
            create._yes.Option,
        };
        foreach (var option in create._parameters.Options.Concat(create._run.Options))
        {
            command.Add(option);
        }

        context.Handle(command, create.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var templates = new TemplatesApi(client);
        if (!_parameters.Read(parsed).Is(out var given, out var error)
            || !Settings(parsed).Is(out var settings, out error)
            || !(await NameAsync(parsed, cancellationToken)).Is(out var name, out error)
            || !(await TemplateAsync(client, templates, parsed, cancellationToken)).Is(out var template, out error)
            || !(await VersionAsync(templates, template, parsed, cancellationToken)).Is(out var version, out error)
            || !(await templates.GetParametersAsync(version, cancellationToken)).Is(out var parameters, out error)
            || !(await PresetAsync(templates, version, parsed, cancellationToken)).Is(out var preset, out error))
        {
            return error;
        }

        var known = (preset?.Parameters ?? []).Select(value => value.Name ?? "").ToHashSet(StringComparer.Ordinal);
        var values = await new ParameterValues(_context.Terminal).ResolveAsync(parameters, given, known, cancellationToken);
        if (!values.Is(out var chosen, out error))
        {
            return error;
        }

        var question = $"Create workspace {name} from template {template.Name}?";
        if (await _yes.ConfirmAsync(_context.Terminal, parsed, question, cancellationToken) is { } refused)
        {
            return refused;
        }

        var names = version != template.ActiveVersionId;
        var workspace = settings with
        {
            TemplateId = names ? null : template.Id,
            TemplateVersionId = names ? version : null,
            TemplateVersionPresetId = preset?.Id,
            Name = name.Name,
            RichParameterValues = chosen,
        };
        var api = new WorkspacesApi(client);
        return (await api.CreateAsync(name.Owner, workspace, cancellationToken)).Is(out var made, out error)
            ? await _run.FinishAsync(api, made, made.LatestBuild, parsed, cancellationToken)
            : error;
    }

    private CliResult<NewWorkspaceJson> Settings(ParseResult parsed)
    {
        string? schedule = null;
        if (parsed.GetValue(_startAt) is { Length: > 0 } startAt
            && !ScheduleText.ToSchedule(startAt, _context.Time.LocalTimeZone).Is(out schedule, out var error))
        {
            return error;
        }

        long? ttl = null;
        if (parsed.GetValue(_stopAfter) is { Length: > 0 } stopAfter)
        {
            if (TimeText.Duration(stopAfter) is not { Ticks: > 0 } duration)
            {
                return new CliError($"\"{stopAfter}\" is no duration", Hint: "A duration is 8h or 1h30m, for example.");
            }

            ttl = (long)duration.TotalMilliseconds;
        }

        return new NewWorkspaceJson
        {
            Name = "",
            AutostartSchedule = schedule,
            TtlMs = ttl,
            AutomaticUpdates = parsed.GetValue(_updates),
        };
    }

    private async Task<CliResult<WorkspaceName>> NameAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_name) is { Length: > 0 } given)
        {
            return WorkspaceName.Parse(given);
        }

        if (!_context.Terminal.IsInteractive)
        {
            return new CliError("The workspace needs a name", Hint: "Name it: coder create <name> --template <template>");
        }

        return (await Prompt.AskAsync(_context.Terminal, "Name of the workspace", null, cancellationToken)).Is(out var typed, out var error)
            ? WorkspaceName.Parse(typed)
            : error;
    }

    private async Task<CliResult<TemplateJson>> TemplateAsync(
        CoderClient client, TemplatesApi api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_template);
        if (string.IsNullOrEmpty(name))
        {
            return await ChooseAsync(client, api, parsed, cancellationToken);
        }

        if (!_organization.IsGiven(parsed))
        {
            return await TemplateChoice.FindAnywhereAsync(api, name, cancellationToken);
        }

        if (!(await _organization.FindAsync(client, parsed, cancellationToken)).Is(out var organization, out var error)
            || !(await api.FindAsync(organization, name, cancellationToken)).Is(out var template, out error))
        {
            return error;
        }

        return template ?? (CliResult<TemplateJson>)TemplateChoice.Unknown(name, organization);
    }

    private async Task<CliResult<TemplateJson>> ChooseAsync(
        CoderClient client, TemplatesApi api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var terminal = _context.Terminal;
        if (!terminal.IsInteractive)
        {
            return new CliError("The workspace needs a template", Hint: "Name one with --template; 'coder templates list' shows them.");
        }

        OrganizationJson? organization = null;
        if (_organization.IsGiven(parsed)
            && !(await _organization.FindAsync(client, parsed, cancellationToken)).Is(out organization, out var error))
        {
            return error;
        }

        if (!(await api.ListTypedAsync(organization?.Id, cancellationToken)).Is(out var all, out error))
        {
            return error;
        }

        var usable = Array.FindAll(all, template => !template.Deprecated);
        if (usable.Length == 0)
        {
            return new CliError("There are no templates that you may use", Hint: "Somebody must make one: coder templates push");
        }

        for (var i = 0; i < usable.Length; i++)
        {
            var more = usable[i].Description is { Length: > 0 } text ? $": {text}" : "";
            await terminal.Error.WriteLineAsync(
                CliError.Printable(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}. {usable[i].Name}{more}")));
        }

        while (true)
        {
            var fallback = usable.Length == 1 ? usable[0].Name : null;
            if (!(await Prompt.AskAsync(terminal, "Template", fallback, cancellationToken)).Is(out var answer, out error))
            {
                return error;
            }

            var chosen = int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= usable.Length
                ? usable[number - 1]
                : Array.Find(usable, template => string.Equals(template.Name, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen is not null)
            {
                return chosen;
            }
        }
    }

    private async Task<CliResult<Guid>> VersionAsync(
        TemplatesApi api, TemplateJson template, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_version) is not { Length: > 0 } name)
        {
            return template.ActiveVersionId;
        }

        return (await api.GetVersionAsync(template.Id, name, cancellationToken)).Is(out var version, out var error)
            ? version.Id
            : error.Status == 404 ? new CliError($"The template {template.Name} has no version \"{name}\"") { Status = 404 } : error;
    }

    private async Task<CliResult<PresetJson?>> PresetAsync(
        TemplatesApi api, Guid version, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_preset);
        if (name == NoPreset)
        {
            return (PresetJson?)null;
        }

        if (!(await api.GetPresetsAsync(version, cancellationToken)).Is(out var presets, out var error))
        {
            return error;
        }

        if (string.IsNullOrEmpty(name))
        {
            return Array.Find(presets, preset => preset.Default);
        }

        return Array.Find(presets, preset => preset.Name == name) is { } chosen
            ? chosen
            : new CliError(
                $"The template has no preset \"{name}\"",
                Hint: presets.Length == 0
                    ? "It has no presets at all."
                    : $"Presets: {string.Join(", ", presets.Select(preset => preset.Name))}.");
    }
}
