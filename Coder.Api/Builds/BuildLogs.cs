using Coder.Api.Provisioning;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Builds;

/// <summary>Answers with the log of a build, which is that of its job.</summary>
internal sealed class BuildLogs(JobLogsEndpoint logs)
{
    /// <summary>Whether the caller may read the build was decided before.</summary>
    public Task<IActionResult> RunAsync(HttpContext context, Guid job) => logs.RunAsync(context, job);
}
