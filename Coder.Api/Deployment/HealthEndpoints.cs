using Coder.Application.Deployment;

namespace Coder.Api.Deployment;

/// <summary>What load balancers, orchestrators and browsers ask a server (docs/spec/platform.md, section 8.5).</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("OK"))
            .WithTags("General").WithSummary("Say that the process lives.").WithDescription("Asks no database.");
        app.MapGet("/readyz", ReadyAsync)
            .WithTags("General").WithSummary("Say whether this server can do its work.")
            .WithDescription("200 when the database answers within a second, else 503; 503 also while the server is stopping.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
        app.MapGet("/latency-check", (HttpContext context) =>
        {
            context.Response.Headers["Timing-Allow-Origin"] = "*";
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return Results.Text("OK");
        }).WithTags("General").WithSummary("Answer at once, for whoever measures the way here.");
    }

    private static async Task<IResult> ReadyAsync(
        IDatabaseHealth database, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable);
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
            return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
