using System.Globalization;

namespace Coder.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>The suite of the connection log.</summary>
    public const string ConnectionLog = "connection-log";

    /// <summary>The writing half of the suite of the connection log.</summary>
    public const string Ingestion = "ingestion";

    /// <summary>The suite of the provisioner queue.</summary>
    public const string Queue = "queue";

    /// <summary>The suite of workspaces.</summary>
    public const string Workspaces = "workspaces";

    /// <summary>What is measured.</summary>
    public string Suite { get; private init; } = "all";

    /// <summary>How often each case is measured.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>How long one measurement takes.</summary>
    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rows of what is measured; <see langword="null"/>: as many as the suite wants.</summary>
    public int? Rows { get; private init; }

    /// <summary>Jobs that wait.</summary>
    public int Jobs { get; private init; } = 10_000;

    /// <summary>Reads the command line.</summary>
    /// <returns><see langword="null"/> when something in it is not known.</returns>
    public static Arguments? Read(IReadOnlyList<string> args)
    {
        Arguments? read = new();
        for (var i = 0; i < args.Count && read is not null; i++)
        {
            if (i == 0 && args[i] is "micro" or "http" or "start" or ConnectionLog or Ingestion or Queue or Workspaces or "all")
            {
                read = read with { Suite = args[i] };
            }
            else
            {
                read = i + 1 < args.Count && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? read.With(args[i], number)
                    : null;
                i++;
            }
        }

        return read;
    }

    private Arguments? With(string option, int number) => (option, number) switch
    {
        ("--rounds", > 0 and <= 100) => this with { Rounds = number },
        ("--seconds", > 0 and <= 100) => this with { Duration = TimeSpan.FromSeconds(number) },
        ("--rows", >= 1_000 and <= 100_000_000) => this with { Rows = number },
        ("--jobs", >= 1_000 and <= 1_000_000) => this with { Jobs = number },
        _ => null,
    };
}
