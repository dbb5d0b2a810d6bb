using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses keygen</c>: works offline.</summary>
internal sealed class KeygenCommand
{
    private readonly CliContext _context;

    private readonly Option<string?> _id = new("--kid")
    {
        Description = "Name of the key, by which servers find it: letters, digits, '.', '-', '_'. Default: today's date.",
        HelpName = "name",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "File for the private key, readable by its owner only. Default: license-key-<kid>.json.",
        HelpName = "file",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace an existing file; the key in it is lost." };

    private KeygenCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var keygen = new KeygenCommand(context);
        var command = new Command(
            "keygen",
            "Make a key pair that signs licenses for development and tests, without a server. Prints the entry for CODER_LICENSE_KEYS, "
            + "which makes a server trust the key.")
        {
            keygen._id,
            keygen._out,
            keygen._force,
        };
        context.Handle(command, keygen.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_id) ?? _context.Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (!SigningKey.IsId(id))
        {
            return new CliError("--kid takes 1 to 64 letters, digits, '.', '-' and '_'");
        }

        var path = _context.Environment.FullPath(parsed.GetValue(_out) is { Length: > 0 } given ? given : $"license-key-{id}.json");
        using var key = SigningKey.Create(id);
        cancellationToken.ThrowIfCancellationRequested();
        if (SecretFile.Write(path, key.ToJson() + Environment.NewLine, parsed.GetValue(_force)) is { } error)
        {
            return error;
        }

        await _context.Terminal.Error.WriteLineAsync($"Wrote the private key to {path}. Start the server with this in CODER_LICENSE_KEYS:");
        await _context.Terminal.Out.WriteLineAsync(key.TrustEntry);
        return null;
    }
}
