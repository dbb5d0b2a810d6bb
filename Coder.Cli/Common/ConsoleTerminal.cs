using System.Text;

namespace Coder.Cli.Common;

/// <summary>The process's own console.</summary>
internal sealed class ConsoleTerminal : ITerminal
{
    private const int DefaultWidth = 80;

    public TextReader In => Console.In;

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public bool IsInteractive => !Console.IsInputRedirected;

    public bool CanRedraw => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    // 0 where the size is not known.
    public int Width => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth;

    public Stream Bytes => Console.OpenStandardInput();

    public string? ReadSecret()
    {
        var secret = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return secret.ToString();
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && secret.Length == 0:
                    Console.Error.WriteLine();
                    return null;
                case ConsoleKey.Backspace when secret.Length > 0:
                    secret.Length--;
                    break;
                case ConsoleKey.U when key.Modifiers == ConsoleModifiers.Control:
                    secret.Clear();
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        secret.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
