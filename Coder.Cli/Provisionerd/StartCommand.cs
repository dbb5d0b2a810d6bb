using System.CommandLine;
using System.Net;
using Coder.Cli.Common;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Provisionerd;

/// <summary><c>coder provisionerd start</c>: runs until it is told to stop.</summary>
internal sealed class StartCommand
{
    private const string Everywhere = "default";
    private const int LongestName = 64;
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    private readonly CliContext _context;

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name of the daemon, at most 64 characters. One that registers under a known name takes its place. "
            + "Default: the name of the host. Environment: CODER_PROVISIONER_DAEMON_NAME.",
        HelpName = "name",
    };

    private readonly Option<string?> _organization = new("--org")
    {
        Description = "Organization whose jobs the daemon does, by name or id. Default: the default organization. Environment: CODER_ORGANIZATION.",
        HelpName = "organization",
    };

    private readonly Option<string[]> _tags = new("--tag", "-t")
    {
        Description = "Tag that says whom the daemon works for, such as scope=organization or environment=on-prem; may be given several "
            + "times. Those of a key count instead. Environment: CODER_PROVISIONERD_TAGS, separated by commas.",
        HelpName = "key=value",
    };

    private readonly Option<string?> _psk = new("--psk")
    {
        Description = "Secret that the server has as CODER_PROVISIONER_DAEMON_PSK; the environment does not show up in process lists and is "
            + "the better place. Environment: CODER_PROVISIONER_DAEMON_PSK.",
        HelpName = "secret",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Provisioner key; the environment is the better place. Environment: CODER_PROVISIONER_DAEMON_KEY.",
        HelpName = "key",
    };

    private readonly Option<string?> _poll = new("--poll-interval")
    {
        Description = "How long one request waits for a job, from 1s to 30s. Default: 20s. Environment: CODER_PROVISIONERD_POLL_INTERVAL.",
        HelpName = "duration",
    };

    private readonly Option<string?> _cache = new("--cache-dir")
    {
        Description = "Folder that keeps the providers that Terraform downloads; each daemon needs one of its own. Default: none, every job "
            + "downloads them. Environment: CODER_CACHE_DIRECTORY.",
        HelpName = "folder",
    };

    private readonly Option<string?> _force = new("--force-cancel-interval")
    {
        Description = "How long Terraform may take to end after it was told to, before it is killed. Default: 10m. "
            + "Environment: CODER_PROVISIONER_DAEMON_FORCE_CANCEL_INTERVAL.",
        HelpName = "duration",
    };

    private StartCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var start = new StartCommand(context);
        var command = new Command(
            "start",
            "Run a daemon that does jobs of templates written in Terraform, one at a time, with the terraform on the PATH or the one that "
            + "CODER_TERRAFORM_BIN names. Ctrl+C or SIGTERM: the running job is the last one; a second time: it is stopped.")
        {
            start._name,
            start._organization,
            start._tags,
            start._psk,
            start._key,
            start._poll,
            start._cache,
            start._force,
        };
        context.Handle(command, start.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = _context.Environment;
        if (!Credential(parsed).Is(out var found, out var error)
            || !Settings(parsed).Is(out var settings, out error)
            || !Duration(parsed, _force, "CODER_PROVISIONER_DAEMON_FORCE_CANCEL_INTERVAL", TimeSpan.FromMinutes(10)).Is(out var patience, out error)
            || !TerraformBinary.Find(environment).Is(out var binary, out error))
        {
            return error;
        }

        var terraform = new TerraformSettings
        {
            Binary = binary,
            Url = found.Url,
            Patience = patience,
            PluginCache = _context.Value(parsed, _cache, "CODER_CACHE_DIRECTORY") is { } folder
                ? Path.Combine(environment.FullPath(folder), "terraform-plugins")
                : null,
            Inherited = environment.Variables,
        };
        using var client = new DaemonClient(_context.Handler, found.Url, found.Credential, _context.Time);
        var daemon = new Daemon(
            client,
            settings,
            new TerraformProvisioner(terraform, _context.Time),
            new DaemonConsole(_context.Terminal, _context.Time),
            _context.Time,
            environment.NewId);
        return await daemon.RunAsync(cancellationToken, environment.Stop?.ListenForSecond() ?? CancellationToken.None);
    }

    private CliResult<(string Url, DaemonCredential Credential)> Credential(ParseResult parsed)
    {
        if (!_context.FindDeployment(parsed).Is(out var deployment, out var error))
        {
            return error;
        }

        var secret = _context.Value(parsed, _psk, "CODER_PROVISIONER_DAEMON_PSK");
        var key = _context.Value(parsed, _key, "CODER_PROVISIONER_DAEMON_KEY");
        return (secret, key, deployment.Token) switch
        {
            ({ }, { }, _) => new CliError("A daemon has either a key or the shared secret, not both"),
            ({ }, _, _) when !IsHeader(secret) => new CliError("The shared secret contains characters that no header can have"),
            (_, { }, _) when !IsHeader(key) => new CliError("The key contains characters that no header can have"),
            ({ }, _, _) => (deployment.Url, DaemonCredential.SharedSecret(secret)),
            (_, { }, _) => (deployment.Url, DaemonCredential.Key(key)),
            (_, _, { } token) => (deployment.Url, DaemonCredential.Session(token)),
            _ => new CliError(
                $"You are not signed in to {deployment.Url}",
                Hint: $"Run 'coder login {deployment.Url}' first, or give the daemon a key or the shared secret."),
        };
    }

    private CliResult<DaemonSettings> Settings(ParseResult parsed)
    {
        var name = _context.Value(parsed, _name, "CODER_PROVISIONER_DAEMON_NAME") ?? Dns.GetHostName();
        if (name.Length > LongestName)
        {
            return new CliError($"--name takes at most {LongestName} characters");
        }

        if (!Duration(parsed, _poll, "CODER_PROVISIONERD_POLL_INTERVAL", TimeSpan.FromSeconds(20)).Is(out var poll, out var error)
            || !Tags(parsed).Is(out var tags, out error))
        {
            return error;
        }

        return poll < ShortestPoll || poll > LongestPoll
            ? new CliError("--poll-interval takes a duration from 1s to 30s")
            : new DaemonSettings
            {
                Name = name,
                Organization = _context.Value(parsed, _organization, "CODER_ORGANIZATION") ?? Everywhere,
                Tags = tags,
                PollInterval = poll,
                UnsavedStates = new UnsavedStates(Path.Combine(_context.ConfigFolder(parsed), "provisionerd", "unsaved-states")),
            };
    }

    private CliResult<IReadOnlyDictionary<string, string>> Tags(ParseResult parsed)
    {
        var given = parsed.GetValue(_tags) is { Length: > 0 } options
            ? options
            : (_context.Environment.Variable("CODER_PROVISIONERD_TAGS") ?? "").Split(
                ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in given)
        {
            if (tag.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at))
            {
                return new CliError($"\"{tag}\" is no tag", Hint: "A tag looks like environment=on-prem.");
            }

            tags[tag[..at]] = tag[(at + 1)..];
        }

        return tags;
    }

    private CliResult<TimeSpan> Duration(ParseResult parsed, Option<string?> option, string variable, TimeSpan fallback)
    {
        if (_context.Value(parsed, option, variable) is not { } text)
        {
            return fallback;
        }

        var start = DateTimeOffset.UnixEpoch;
        return text.All(char.IsAsciiLetterOrDigit) && TimeText.Parse(text, start) is { } end && end > start
            ? end - start
            : new CliError($"{option.Name} takes a duration such as 20s or 10m");
    }

    private static bool IsHeader(string? text) => text!.All(character => character is > ' ' and < '\u007f');
}
