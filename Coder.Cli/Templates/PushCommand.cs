using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary><c>coder templates push</c>: a folder becomes a version of a template, and the template is made if there is none.</summary>
internal sealed class PushCommand
{
    private const string StandardInput = "-";
    private const string NoTags = "-";

    private readonly CliContext _context;
    private readonly OrganizationOption _organization;
    private readonly YesOption _yes = new();

    private readonly Argument<string?> _name = new("name")
    {
        Description = "Name of the template. Default: the name of the folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _directory = new("--directory", "-d")
    {
        Description = "Folder of the template; \"-\" reads a tar archive of it from standard input.",
        HelpName = "folder",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string?> _version = new("--name")
    {
        Description = "Name of the version. Default: two random words.",
        HelpName = "version",
    };

    private readonly Option<string?> _message = new("--message", "-m")
    {
        Description = "What changed with this version.",
        HelpName = "text",
    };

    private readonly Option<string[]> _variables = new("--variable")
    {
        Description = "Value of a variable of the template; may be repeated. Wins over the file and over the values of the active version.",
        HelpName = "name=value",
    };

    private readonly Option<string?> _variablesFile = new("--variables-file")
    {
        Description = "File with values of variables: \"name: value\" lines or a JSON object.",
        HelpName = "file",
    };

    private readonly Option<string[]> _tags = new("--provisioner-tag")
    {
        Description = "Tag that provisioner daemons must have to do the jobs of the version; may be repeated. Default: the tags of the active "
            + "version. \"-\": none.",
        HelpName = "key=value",
    };

    private readonly Option<bool> _activate = new("--activate")
    {
        Description = "Whether new workspaces are made from this version at once; a new template always begins with it.",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Show the debug lines of the log too." };

    private PushCommand(CliContext context)
    {
        _context = context;
        _organization = new OrganizationOption(context);
    }

    internal static Command Create(CliContext context)
    {
        var push = new PushCommand(context);
        var command = new Command(
            "push",
            "Make a new version of a template from a folder, and the template itself if there is none of that name. .git, .terraform and "
            + "terraform.tfstate* stay behind.")
        {
            push._name,
            push._directory,
            push._version,
            push._message,
            push._variables,
            push._variablesFile,
            push._tags,
            push._activate,
            push._organization.Option,
            push._yes.Option,
            push._verbose,
        };
        context.Handle(command, push.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var api = new TemplatesApi(client);
        if (!Name(parsed).Is(out var name, out var error)
            || !GivenVariables(parsed).Is(out var given, out error)
            || !GivenTags(parsed).Is(out var tags, out error)
            || !(await _organization.FindAsync(client, parsed, cancellationToken)).Is(out var organization, out error)
            || !(await api.FindAsync(organization, name, cancellationToken)).Is(out var template, out error))
        {
            return error;
        }

        if (template is null
            && await _yes.RequireAsync(
                _context.Terminal,
                parsed,
                $"There is no template {name} in the organization {organization.Name} yet. Create it?",
                plain: true,
                cancellationToken) is { } refused)
        {
            return refused;
        }

        if (!(await PackAsync(parsed, cancellationToken)).Is(out var archive, out error))
        {
            return error;
        }

        string provisioner;
        UploadedFileJson? file;
        using (archive)
        {
            provisioner = archive.Provisioner;
            if (!(await api.UploadAsync(archive.Content, cancellationToken)).Is(out file, out error))
            {
                return error;
            }
        }

        var push = new VersionPush(_context, api, organization, template) { IsVerbose = parsed.GetValue(_verbose) };
        var version = new NewVersionJson(
            NullIfEmpty(parsed.GetValue(_version)), NullIfEmpty(parsed.GetValue(_message)), template?.Id, "file", file.Hash, provisioner, [],
            tags);
        if (!(await push.RunAsync(version, given, cancellationToken)).Is(out var made, out error))
        {
            return error;
        }

        return template is null
            ? await CreateAsync(api, organization, name, made, cancellationToken)
            : await ActivateAsync(api, template, made, parsed.GetValue(_activate), cancellationToken);
    }

    private CliResult<string> Name(ParseResult parsed)
    {
        if (parsed.GetValue(_name) is { Length: > 0 } given)
        {
            return TemplateChoice.IsName(given)
                ? given
                : new CliError(
                    $"\"{given}\" can not be the name of a template", Hint: "Names have 1 to 32 letters, digits and single hyphens.");
        }

        const string Hint = "Name the template: coder templates push <name>";
        if (parsed.GetRequiredValue(_directory) == StandardInput)
        {
            return new CliError("A template from standard input needs a name", Hint: Hint);
        }

        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(FolderOf(parsed)));
        return TemplateChoice.IsName(folder) ? folder : new CliError($"The folder \"{folder}\" can not give its name to a template", Hint: Hint);
    }

    private CliResult<Dictionary<string, string>> GivenVariables(ParseResult parsed)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(_variablesFile) is { Length: > 0 } file
            && !ValuesFile.Read(_context.Environment.FullPath(file)).Is(out values, out var error))
        {
            return error;
        }

        if (!Pairs.Parse(parsed.GetValue(_variables), "--variable").Is(out var given, out var mistaken))
        {
            return mistaken;
        }

        foreach (var (name, value) in given)
        {
            values[name] = value;
        }

        return values;
    }

    /// <summary>The tags that the user gave; <see langword="null"/> where he said nothing about them.</summary>
    private CliResult<Dictionary<string, string>?> GivenTags(ParseResult parsed)
    {
        switch (parsed.GetValue(_tags))
        {
            case null or []:
                return (Dictionary<string, string>?)null;
            case [NoTags]:
                return new Dictionary<string, string>(StringComparer.Ordinal);
            case var texts:
                return Pairs.Parse(texts, "--provisioner-tag").Is(out var tags, out var error) ? tags : error;
        }
    }

    private async Task<CliResult<TemplateArchive>> PackAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetRequiredValue(_directory) == StandardInput
            ? await TemplateArchive.OfInputAsync(_context.Terminal.Bytes, cancellationToken)
            : TemplateArchive.OfFolder(FolderOf(parsed), cancellationToken);

    private string FolderOf(ParseResult parsed) => _context.Environment.FullPath(parsed.GetRequiredValue(_directory));

    private async Task<CliError?> CreateAsync(
        TemplatesApi api, OrganizationJson organization, string name, TemplateVersionJson version, CancellationToken cancellationToken)
    {
        if (!(await api.CreateAsync(organization.Id, new NewTemplateJson(name, version.Id), cancellationToken)).Is(out var made, out var error))
        {
            return error;
        }

        await SayAsync($"Template {made.Name} is created in the organization {organization.Name}, from version {version.Name}.");
        await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Make a workspace of it: coder create --template {made.Name}"));
        return null;
    }

    private async Task<CliError?> ActivateAsync(
        TemplatesApi api, TemplateJson template, TemplateVersionJson version, bool activates, CancellationToken cancellationToken)
    {
        if (!activates)
        {
            await SayAsync($"Version {version.Name} of template {template.Name} is there, but not active.");
            return null;
        }

        if (await api.PromoteAsync(template.Id, version.Id, cancellationToken) is { } refused)
        {
            return refused;
        }

        await SayAsync($"Version {version.Name} of template {template.Name} is active.");
        return null;
    }

    private Task SayAsync(string text) => _context.Terminal.Out.WriteLineAsync(CliError.Printable(text));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
