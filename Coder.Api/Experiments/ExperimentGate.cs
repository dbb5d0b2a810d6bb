using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Domain.Common;
using Coder.Domain.Experiments;

namespace Coder.Api.Experiments;

/// <summary>Holds <see cref="RequireExperimentsAttribute"/>.</summary>
internal static class ExperimentGate
{
    /// <summary>Must stand right after authorization: who is not signed in is told so first.</summary>
    public static IApplicationBuilder UseExperimentGate(this IApplicationBuilder app)
    {
        var enabled = app.ApplicationServices.GetRequiredService<ExperimentSet>();
        var isDevelopment = app.ApplicationServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return app.Use(next => context =>
            context.GetEndpoint()?.Metadata.GetMetadata<RequireExperimentsAttribute>() is not { } gate
                || (isDevelopment && gate.IsOpenInDevelopment)
                || enabled.Missing(gate.Experiments).Count == 0
            ? next(context)
            : RefuseAsync(context, gate));
    }

    private static async Task RefuseAsync(HttpContext context, RequireExperimentsAttribute gate)
    {
        var refusal = new Error(ErrorKind.Forbidden, ExperimentMessages.Refusal(gate.Experiments));
        await RecordsRefusalsAttribute.RecordAsync(context, refusal);
        await ErrorPresenter.WriteAsync(context, refusal);
    }
}
