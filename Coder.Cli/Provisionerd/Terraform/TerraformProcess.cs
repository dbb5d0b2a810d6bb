using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Runs Terraform in one folder with one environment.</summary>
internal sealed class TerraformProcess(
    TerraformSettings settings, string folder, IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private const int LongestLine = 1024 * 1024;
    private const int LargestDocument = 128 * 1024 * 1024;

    // What a process leaves behind may hold its output open for ever.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Runs a command and shows each line of its output.</summary>
    /// <param name="arguments">No secrets: everybody on the machine can read them.</param>
    /// <param name="output">Gets the lines of the standard output.</param>
    /// <param name="errors">Gets those of the standard error; at the same time.</param>
    /// <param name="stop">Interrupts all processes of the command, and kills them when they take too long.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop, and has ended.</exception>
    internal Task<CliResult<int>> RunAsync(
        IReadOnlyList<string> arguments, Action<string> output, Action<string> errors, CancellationToken stop) =>
        RunAsync(arguments, reader => ReadLinesAsync(reader, output), errors, stop);

    /// <summary>Runs a command that prints a document.</summary>
    /// <returns>The document as it was printed.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop, and has ended.</exception>
    internal async Task<CliResult<string>> CaptureAsync(IReadOnlyList<string> arguments, Action<string> errors, CancellationToken stop)
    {
        var document = new StringBuilder();
        var ended = await RunAsync(arguments, reader => ReadAllAsync(reader, document), errors, stop);
        return !ended.Is(out var code, out var error) ? error
            : code != 0 ? new CliError($"terraform {arguments[0]} failed with exit code {code}")
            : document.Length > LargestDocument ? new CliError($"The output of terraform {arguments[0]} is too large")
            : document.ToString();
    }

    private async Task<CliResult<int>> RunAsync(
        IReadOnlyList<string> arguments, Func<StreamReader, Task> output, Action<string> errors, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(settings.Binary)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        ProcessGroup group;
        Process process;
        try
        {
            group = ProcessGroup.Start(start, out process);
        }
        catch (Win32Exception exception)
        {
            return new CliError($"Can not start {settings.Binary}", exception.Message);
        }

        using (process)
        {
            process.StandardInput.Close();
            var reading = Task.WhenAll(output(process.StandardOutput), ReadLinesAsync(process.StandardError, errors));
            await WaitAsync(process, group, stop);
            await Task.WhenAny(reading, Task.Delay(Rest, time, CancellationToken.None));
            stop.ThrowIfCancellationRequested();
            return process.ExitCode;
        }
    }

    private async Task WaitAsync(Process process, ProcessGroup group, CancellationToken stop)
    {
        var exited = process.WaitForExitAsync(CancellationToken.None);
        try
        {
            await exited.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            group.Ask();
            await Task.WhenAny(exited, Task.Delay(settings.Patience, time, CancellationToken.None));
        }
        finally
        {
            // Nothing that a job has started outlives it.
            group.Kill();
        }

        await exited;
    }

    private static async Task ReadLinesAsync(StreamReader reader, Action<string> line)
    {
        var buffer = new char[4096];
        var text = new StringBuilder();
        while (await ReadAsync(reader, buffer) is > 0 and var count)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character == '\n')
                {
                    line(text.ToString().TrimEnd('\r'));
                    text.Clear();
                }
                else if (text.Length < LongestLine)
                {
                    text.Append(character);
                }
            }
        }

        if (text.Length > 0)
        {
            line(text.ToString());
        }
    }

    private static async Task ReadAllAsync(StreamReader reader, StringBuilder document)
    {
        var buffer = new char[16 * 1024];
        while (await ReadAsync(reader, buffer) is > 0 and var count)
        {
            if (document.Length <= LargestDocument)
            {
                document.Append(buffer, 0, count);
            }
        }
    }

    private static async Task<int> ReadAsync(StreamReader reader, char[] buffer)
    {
        try
        {
            return await reader.ReadAsync(buffer, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone, and nobody waits for its rest.
            return 0;
        }
    }
}
