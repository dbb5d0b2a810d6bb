namespace Coder.Benchmarks;

/// <summary>Tells whoever waits what is going on, apart from the table on standard output.</summary>
internal static class Progress
{
    public static void Say(string line) => Console.Error.WriteLine(line);
}
