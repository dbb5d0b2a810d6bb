using System.Globalization;
using System.Net.WebSockets;
using Coder.Api.Hosting;
using Coder.Api.Http;
using Coder.Api.Http.Sockets;
using Coder.Application.Provisioning;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Provisioning;

/// <summary>
/// Answers with the log of a job (docs/spec/workspaces.md, section 3.3), for every controller that shows one. Whether the caller may read
/// it has been decided before. It reads the query itself: <c>after</c>, <c>before</c> and <c>follow</c>.
/// </summary>
internal sealed class JobLogsEndpoint(
    IServiceScopeFactory scopes, SocketGate gate, JobSignals signals, TimeProvider time, ILogger<JobLogsEndpoint> logger)
{
    private const int PageSize = 500;

    private static readonly TimeSpan BackUp = TimeSpan.FromSeconds(30);

    /// <summary>A list of lines, or with <c>follow</c> a WebSocket with one line a message until the job has ended.</summary>
    public async Task<IActionResult> RunAsync(HttpContext context, Guid job)
    {
        var query = new QueryReader(context.Request.Query);

        // The dashboard asks for what comes after -1, which is everything.
        var after = Math.Max(0, Id(query, "after", NumberStyles.AllowLeadingSign) ?? 0);
        var before = Id(query, "before", NumberStyles.None);
        var follows = query.Flag("follow");
        if (follows && before is not null)
        {
            query.Refuse("before", "can not be used together with follow");
        }

        if (!query.Finish(follows).Is(out _, out var error))
        {
            return ErrorPresenter.Present(context, error);
        }

        if (!follows)
        {
            var part = await ReadAsync(job, new JobLogRange(after, before, int.MaxValue), context.RequestAborted);
            return new OkObjectResult(part.Lines.Select(ProvisionerJobLogJson.From).ToArray());
        }

        return gate.Refuse(context) is { } refused ? ErrorPresenter.Present(context, refused) : await ServeAsync(context, job, after);
    }

    private async Task<IActionResult> ServeAsync(HttpContext context, Guid job, long after)
    {
        var socket = gate.New();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var sending = FollowAsync(socket, job, after, end.Token);
        try
        {
            await gate.RunAsync(context, socket);
        }
        finally
        {
            await end.CancelAsync();
            await sending;
        }

        return new EmptyResult();
    }

    private async Task FollowAsync(JsonSocket socket, Guid job, long after, CancellationToken ct)
    {
        try
        {
            using var listener = signals.ListenForChanges(job);
            while (true)
            {
                var next = listener.Next;
                var part = await ReadAsync(job, new JobLogRange(after, null, PageSize), ct);
                foreach (var line in part.Lines)
                {
                    after = line.Id;
                    if (!await socket.SendAsync(ProvisionerJobLogJson.From(line), ct))
                    {
                        return;
                    }
                }

                if (part.Lines.Count == PageSize)
                {
                    continue;
                }

                if (part.HasEnded)
                {
                    socket.End(WebSocketCloseStatus.NormalClosure, "");
                    return;
                }

                await JobListener.WaitAsync(next, BackUp, time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // nobody else would end the connection
        catch (Exception e)
#pragma warning restore CA1031
        {
            HostingLog.TickFailed(logger, e, nameof(JobLogsEndpoint));
            socket.End(WebSocketCloseStatus.InternalServerError, "The log can not be read.");
        }
    }

    private async Task<JobLogPart> ReadAsync(Guid job, JobLogRange range, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IJobLogs>().ReadAsync(job, range, ct);
    }

    private static long? Id(QueryReader query, string name, NumberStyles style)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, style, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        query.Refuse(name, $"must be the id of a log line: \"{text}\" is none");
        return null;
    }
}
