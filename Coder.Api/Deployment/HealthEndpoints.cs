using Coder.Application.Deployment;

namespace Coder.Api.Deployment;

/// <summary>What load balancers, orchestrators and browsers ask a server (docs/spec/platform.md, section 8.5).</summary>
internal static class HealthEndpoints
{
    private const string PlainText = "text/plain";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("OK"))
            .WithName("Health_Live").WithTags("General").WithSummary("Say that the process lives.").WithDescription("Asks no database.")
            .Produces<string>(StatusCodes.Status200OK, PlainText);
        app.MapGet("/readyz", ReadyAsync)
            .WithName("Health_Ready").WithTags("General").WithSummary("Say whether this server can do its work.")
            .WithDescription("200 when the database answers within a second, else 503; 503 also while the server is stopping.")
            .Produces<string>(StatusCodes.Status200OK, PlainText).Produces<string>(StatusCodes.Status503ServiceUnavailable, PlainText);
        app.MapGet("/latency-check", (HttpContext context) =>
        {
            context.Response.Headers["Timing-Allow-Origin"] = "*";
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return Results.Text("OK");
        }).WithName("Health_Latency").WithTags("General").WithSummary("Answer at once, for whoever measures the way here.")
            .Produces<string>(StatusCodes.Status200OK, PlainText);
    }

    private static async Task<IResult> ReadyAsync(
        HttpContext context, IDatabaseHealth database, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return NotReady(context, "stopping");
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            await database.PingAsync(either.Token).WaitAsync(either.Token);
            return Results.Text("OK");
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return NotReady(context, "the database does not answer");
        }
    }

    private static IResult NotReady(HttpContext context, string reason)
    {
        context.Response.Headers.RetryAfter = "1";
        return Results.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
