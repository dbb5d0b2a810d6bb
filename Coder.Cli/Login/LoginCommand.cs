using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Login;

/// <summary><c>coder login [url]</c>: makes a session, after the first user where there is none yet, and stores it.</summary>
internal sealed class LoginCommand
{
    private readonly CliContext _context;
    private readonly FirstUser _firstUser;

    private readonly Argument<string?> _url = new("url")
    {
        Description = "Address of the deployment. Default: --url, CODER_URL, the one of the last login.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _email = new("--email")
    {
        Description = "E-mail address of the user who signs in; asked for on a terminal.",
        HelpName = "email",
    };

    private readonly Option<bool> _passwordStdin = new("--password-stdin")
    {
        Description = "Read the password from the first line of standard input instead of asking for it.",
    };

    private LoginCommand(CliContext context)
    {
        _context = context;
        _firstUser = new FirstUser(context);
    }

    internal static Command Create(CliContext context)
    {
        var login = new LoginCommand(context);
        var command = new Command(
            "login",
            "Sign in to a deployment and store the session. Creates the first user, the owner, when the deployment has none. "
            + "Takes a token instead of e-mail and password when --token or CODER_SESSION_TOKEN is set.")
        {
            login._url,
            login._email,
            login._passwordStdin,
        };
        foreach (var option in login._firstUser.Options)
        {
            command.Add(option);
        }

        context.Handle(command, login.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!Address(parsed).Is(out var url, out var error) || !_context.GivenToken(parsed).Is(out var given, out error))
        {
            return error;
        }

        using var anonymous = _context.Client(url, null);
        if (await anonymous.CheckServerAsync(cancellationToken) is { } unfit)
        {
            return unfit;
        }

        // Who names an e-mail address wants a new session, also where a variable still holds an old token.
        var wantsSession = given is null || parsed.GetValue(_email) is { Length: > 0 } || parsed.GetValue(_passwordStdin);
        var signedIn = wantsSession ? await SignInAsync(anonymous, parsed, cancellationToken) : given!;
        if (!signedIn.Is(out var token, out error))
        {
            return error;
        }

        using var client = _context.Client(url, token);
        if (!(await client.GetMeAsync(cancellationToken)).Is(out var me, out error))
        {
            return error.Status == 401 ? error with { Hint = "The token is not accepted there; nothing was stored." } : error;
        }

        if (_context.Config(parsed).Save(url, token) is { } unsaved)
        {
            return unsaved;
        }

        await _context.Terminal.Out.WriteLineAsync(CliError.Printable($"Welcome to Coder, {me.Username}! You are signed in to {url}."));
        return null;
    }

    private CliResult<string> Address(ParseResult parsed)
    {
        if (parsed.GetValue(_url) is { Length: > 0 } argument)
        {
            return DeploymentUrl.Parse(argument);
        }

        if (_context.Value(parsed, _context.Options.Url, "CODER_URL") is { } configured)
        {
            return DeploymentUrl.Parse(configured);
        }

        if (!_context.Config(parsed).Load().Is(out var stored, out var error))
        {
            return error;
        }

        return stored.Url is null
            ? new CliError("No deployment is known", Hint: "Name it: coder login https://coder.example.com")
            : DeploymentUrl.Parse(stored.Url);
    }

    private async Task<CliResult<string>> SignInAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!(await client.HasFirstUserAsync(cancellationToken)).Is(out var hasUser, out var error))
        {
            return error;
        }

        var asked = hasUser
            ? await AskCredentialsAsync(parsed, cancellationToken)
            : await _firstUser.CreateAsync(client, parsed, cancellationToken);
        if (!asked.Is(out var credentials, out error))
        {
            return error;
        }

        return await client.LoginAsync(credentials.Email, credentials.Password, cancellationToken);
    }

    private async Task<CliResult<Credentials>> AskCredentialsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var terminal = _context.Terminal;
        var fromInput = parsed.GetValue(_passwordStdin);
        var email = parsed.GetValue(_email);
        if (string.IsNullOrEmpty(email))
        {
            if (fromInput || !terminal.IsInteractive)
            {
                return new CliError(
                    "There is no terminal to ask for e-mail and password",
                    Hint: "Use --email with --password-stdin, or --token or CODER_SESSION_TOKEN.");
            }

            if (!(await Prompt.AskAsync(terminal, "E-mail", null, cancellationToken)).Is(out email, out var error))
            {
                return error;
            }
        }

        if (fromInput)
        {
            return await terminal.ReadLineAsync(cancellationToken) is { Length: > 0 } line
                ? new Credentials(email, line)
                : new CliError("Standard input has no password in its first line");
        }

        if (!terminal.IsInteractive)
        {
            return new CliError("There is no terminal to ask for the password", Hint: "Use --password-stdin.");
        }

        return (await Prompt.AskSecretAsync(terminal, "Password", cancellationToken)).Is(out var password, out var ended)
            ? new Credentials(email, password)
            : ended;
    }
}
