using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Login;

/// <summary><c>coder logout</c>: ends the session on the server and forgets it here.</summary>
internal static class LogoutCommand
{
    internal static Command Create(CliContext context)
    {
        var command = new Command(
            "logout",
            "End the session on the server and delete the stored copy. The address is kept for the next login.");
        context.Handle(command, (parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private static async Task<CliError?> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!context.Connect(parsed).Is(out var client, out var error) || !context.GivenToken(parsed).Is(out var given, out error))
        {
            return error;
        }

        using (client)
        {
            var failure = await client.LogoutAsync(cancellationToken);

            // A token that the user named is not the stored session, which then stays.
            if (given is null && context.Config(parsed).ClearSession() is { } kept)
            {
                return kept;
            }

            if (failure is not null && failure.Status != 401)
            {
                return given is null
                    ? failure with { Hint = "The stored session was deleted; on the server it may be valid until it expires." }
                    : failure;
            }

            await context.Terminal.Out.WriteLineAsync($"You are signed out of {client.Url}.");
            return null;
        }
    }
}
