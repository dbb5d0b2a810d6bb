namespace Coder.Cli.Common;

/// <summary>Options that are given several times, each time as <c>name=value</c>.</summary>
internal static class Pairs
{
    /// <summary>Reads them; a later value of a name wins. The value may be empty and may hold more equals signs.</summary>
    /// <param name="texts">What the user gave. It is never repeated in a failure: values may be secrets.</param>
    /// <param name="option">The name of the option, for the failure.</param>
    internal static CliResult<Dictionary<string, string>> Parse(IEnumerable<string>? texts, string option)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts ?? [])
        {
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split < 1)
            {
                return new CliError($"{option} takes name=value, and one of the values is not like that");
            }

            values[text[..split].Trim()] = text[(split + 1)..];
        }

        return values;
    }
}
