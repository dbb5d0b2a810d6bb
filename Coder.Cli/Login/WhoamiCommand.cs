using System.CommandLine;
using System.Text.Json;
using Coder.Cli.Common;

namespace Coder.Cli.Login;

/// <summary><c>coder whoami</c>: which user the session is for, and where.</summary>
internal static class WhoamiCommand
{
    internal static Command Create(CliContext context)
    {
        var output = OutputOption.Create("text");
        var command = new Command("whoami", "Print which user you are signed in as, and to which deployment.") { output };
        context.Handle(command, async (parsed, cancellationToken) =>
        {
            if (!context.Connect(parsed).Is(out var client, out var error))
            {
                return error;
            }

            using (client)
            {
                if (!(await client.GetMeAsync(cancellationToken)).Is(out var me, out error))
                {
                    return error;
                }

                string[] roles = [.. (me.Roles ?? []).Select(role => role.Name ?? "")];
                await context.Terminal.Out.WriteLineAsync(parsed.GetValue(output) == OutputOption.Json
                    ? JsonSerializer.Serialize(
                        new WhoamiJson(client.Url, me.Id, me.Username, me.Email, roles),
                        CoderJsonContext.Default.WhoamiJson)
                    : CliError.Printable($"You are signed in to {client.Url} as {me.Username} ({me.Email})."));
                return null;
            }
        });
        return command;
    }
}
