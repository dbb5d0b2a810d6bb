using Coder.Api.Configuration;
using Coder.Application.Common;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Coder.Api.Hosting;

/// <summary>Metrics and traces through OpenTelemetry. Nothing leaves the process unless the operator names a place.</summary>
internal static class TelemetrySetup
{
    // What the driver calls its meter and its spans; naming it here keeps the driver itself out of this layer.
    private const string Database = "Npgsql";

    public static IServiceCollection AddCoderTelemetry(this IServiceCollection services, CoderSettings settings)
    {
        if (settings.PrometheusAddress is null && settings.OtlpEndpoint is null)
        {
            return services;
        }

        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(Telemetry.Name, Database).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation();
            if (settings.PrometheusAddress is not null)
            {
                metrics.AddPrometheusExporter();
            }

            if (settings.OtlpEndpoint is { } endpoint)
            {
                metrics.AddOtlpExporter(o => o.Endpoint = endpoint);
            }
        });
        if (settings.OtlpEndpoint is { } traces)
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource(Telemetry.Name, Database)
                .AddAspNetCoreInstrumentation()
                .AddOtlpExporter(o => o.Endpoint = traces));
        }

        return services;
    }

    /// <summary>Serves metrics at their own address, and there nothing but metrics.</summary>
    public static void UsePrometheus(this IApplicationBuilder app, CoderSettings settings)
    {
        if (settings.PrometheusAddress is not { } address)
        {
            return;
        }

        app.MapWhen(
            context => context.Connection.LocalPort == address.Port,
            metrics => metrics
                .UseOpenTelemetryPrometheusScrapingEndpoint("/metrics")
                .Run(context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }));
    }
}
