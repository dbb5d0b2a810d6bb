using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Provisioning;

/// <summary>Answers with the log of a job that the caller may read, see <see cref="JobLogsEndpoint"/>.</summary>
internal sealed class JobLogsResult(Guid job) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var endpoint = context.HttpContext.RequestServices.GetRequiredService<JobLogsEndpoint>();
        var result = await endpoint.RunAsync(context.HttpContext, job);
        await result.ExecuteResultAsync(context);
    }
}
