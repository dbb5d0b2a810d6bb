using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Login;

/// <summary>E-mail and password of one user.</summary>
internal sealed record Credentials(string Email, string Password)
{
    /// <summary>Without the password, whoever prints it.</summary>
    public override string ToString() => Email;
}

/// <summary>Creating the first user of a deployment, from options, variables or answers on a terminal.</summary>
internal sealed class FirstUser(CliContext context)
{
    private readonly Option<string?> _email = New("email", "E-mail address", "CODER_FIRST_USER_EMAIL");
    private readonly Option<string?> _username = New("username", "User name", "CODER_FIRST_USER_USERNAME");
    private readonly Option<string?> _fullName = New("full-name", "Full name, which may be empty,", "CODER_FIRST_USER_FULL_NAME");
    private readonly Option<string?> _password = New("password", "Password", "CODER_FIRST_USER_PASSWORD");

    internal IReadOnlyList<Option> Options => [_email, _username, _fullName, _password];

    /// <returns>What the new owner signs in with.</returns>
    internal async Task<CliResult<Credentials>> CreateAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var email = context.Value(parsed, _email, "CODER_FIRST_USER_EMAIL");
        var username = context.Value(parsed, _username, "CODER_FIRST_USER_USERNAME");
        var fullName = context.Value(parsed, _fullName, "CODER_FIRST_USER_FULL_NAME");
        var password = context.Value(parsed, _password, "CODER_FIRST_USER_PASSWORD");
        if (email is null || username is null || password is null)
        {
            if (!context.Terminal.IsInteractive)
            {
                return new CliError(
                    $"The deployment at {client.Url} has no user yet, and there is no terminal to ask for the first one",
                    Hint: "Use --first-user-email, --first-user-username and --first-user-password, or the variables "
                        + "CODER_FIRST_USER_EMAIL, CODER_FIRST_USER_USERNAME and CODER_FIRST_USER_PASSWORD.");
            }

            var asked = await AskAsync(client.Url, email, username, fullName, password, cancellationToken);
            if (!asked.Is(out var answers, out var error))
            {
                return error;
            }

            (email, username, fullName, password) = (answers.Email, answers.Username, answers.Name, answers.Password);
        }

        var user = new CreateFirstUserJson(email, username, fullName ?? "", password, Trial: false);
        if (await client.CreateFirstUserAsync(user, cancellationToken) is { } refused)
        {
            return refused;
        }

        await context.Terminal.Error.WriteLineAsync(CliError.Printable($"Created the first user, {username}, as owner of the deployment."));
        return new Credentials(email, password);
    }

    private async Task<CliResult<CreateFirstUserJson>> AskAsync(
        string url,
        string? email,
        string? username,
        string? fullName,
        string? password,
        CancellationToken cancellationToken)
    {
        var terminal = context.Terminal;
        await terminal.Error.WriteLineAsync($"The deployment at {url} has no user yet.");
        if (!(await Prompt.ConfirmAsync(terminal, "Create the first user, who owns it?", cancellationToken)).Is(out var yes, out var error))
        {
            return error;
        }

        if (!yes)
        {
            return new CliError("No user was created");
        }

        if (username is null && !(await Prompt.AskAsync(terminal, "User name", null, cancellationToken)).Is(out username, out error))
        {
            return error;
        }

        if (fullName is null
            && !(await Prompt.AskAsync(terminal, "Full name (may be empty)", "", cancellationToken)).Is(out fullName, out error))
        {
            return error;
        }

        if (email is null && !(await Prompt.AskAsync(terminal, "E-mail", null, cancellationToken)).Is(out email, out error))
        {
            return error;
        }

        if (password is null && !(await AskPasswordAsync(cancellationToken)).Is(out password, out error))
        {
            return error;
        }

        return new CreateFirstUserJson(email, username, fullName, password, Trial: false);
    }

    private async Task<CliResult<string>> AskPasswordAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!(await Prompt.AskSecretAsync(context.Terminal, "Password", cancellationToken)).Is(out var password, out var error)
                || !(await Prompt.AskSecretAsync(context.Terminal, "Password again", cancellationToken)).Is(out var again, out error))
            {
                return error;
            }

            if (password == again && password.Length > 0)
            {
                return password;
            }

            await context.Terminal.Error.WriteLineAsync(password.Length == 0 ? "The password is empty." : "The passwords differ.");
        }
    }

    private static Option<string?> New(string name, string what, string variable) => new($"--first-user-{name}")
    {
        Description = $"{what} of the first user, when the deployment has none; asked for on a terminal. Environment: {variable}.",
        HelpName = name,
    };
}
