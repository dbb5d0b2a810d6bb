using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Coder.Benchmarks.Report;
using Perfolizer.Horology;

namespace Coder.Benchmarks.Micro;

/// <summary>What is too quick for a stopwatch, through BenchmarkDotNet.</summary>
internal static class MicroSuite
{
    private static readonly Type[] Benchmarks =
        [typeof(PermissionBenchmarks), typeof(ScopeBenchmarks), typeof(LicensingBenchmarks), typeof(LicenseMergeBenchmarks)];

    /// <summary>Runs all benchmarks in this process: nothing is restored or compiled for them.</summary>
    /// <exception cref="InvalidOperationException">A benchmark did not run; the message names it.</exception>
    public static IReadOnlyList<ResultRow> Run()
    {
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(100));
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "coder-bench-artifacts"));
        return [.. Benchmarks.SelectMany(type => RowsOf(BenchmarkRunner.Run(type, config)))];
    }

    private static IEnumerable<ResultRow> RowsOf(Summary summary)
    {
        if (summary.HasCriticalValidationErrors)
        {
            throw new InvalidOperationException(string.Join("; ", summary.ValidationErrors.Select(e => e.Message)));
        }

        return summary.Reports.Select(RowOf);
    }

    private static ResultRow RowOf(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var name = benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        if (benchmark.HasParameters)
        {
            name += $", {benchmark.Parameters.PrintInfo}";
        }

        if (report.ResultStatistics is not { } statistics || report.GcStats.GetBytesAllocatedPerOperation(benchmark) is not { } bytes)
        {
            throw new InvalidOperationException($"The benchmark \"{name}\" did not run.");
        }

        var budget = benchmark.Descriptor.WorkloadMethod.GetCustomAttribute<BudgetAttribute>();
        var isFree = budget is { AllocatesNothing: true };
        return ResultRow.Of(
            name,
            $"{Units.Nanoseconds(statistics.Median)}, {bytes} B",
            budget is null ? null : $"<= {Units.Nanoseconds(budget.Nanoseconds)}{(isFree ? ", 0 B" : "")}",
            budget is null ? null : statistics.Median <= budget.Nanoseconds && (!isFree || bytes == 0));
    }
}
