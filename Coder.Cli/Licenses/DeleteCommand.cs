using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses delete</c>.</summary>
internal static class DeleteCommand
{
    internal static Command Create(CliContext context)
    {
        var id = new Argument<string>("id") { Description = "Number of the license, as 'coder licenses list' shows it." };
        var command = new Command("delete", "Delete a license, without asking back. Needs the owner role.") { id };
        command.Aliases.Add("del");
        command.Aliases.Add("rm");
        context.Handle(command, async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(id);
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return new CliError($"license ID must be an integer: {text}");
            }

            if (!context.Connect(parsed).Is(out var client, out var error))
            {
                return error;
            }

            using (client)
            {
                if (await client.DeleteLicenseAsync(number, cancellationToken) is { } refused)
                {
                    return refused;
                }

                await context.Terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"License with ID {number} deleted"));
                return null;
            }
        });
        return command;
    }
}
