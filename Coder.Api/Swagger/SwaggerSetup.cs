using Coder.Api.Authentication;
using Coder.Api.Deployment;
using Coder.Api.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>The OpenAPI document at <c>/swagger/v1/swagger.json</c> and the page at <c>/swagger</c>, generated from the code.</summary>
internal static class SwaggerSetup
{
    public const string TokenScheme = "SessionToken";
    public const string BearerScheme = "Bearer";
    public const string AgentScheme = "AgentToken";
    public const string ProxyScheme = "ProxyToken";
    public const string DaemonKeyScheme = "ProvisionerKey";
    public const string DaemonSecretScheme = "ProvisionerSecret";

    public static IServiceCollection AddCoderSwagger(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "Coder for .NET",
                Version = ProductVersion.Text,
                Description = """
                    The control plane of a self-hosted development-environment platform.

                    Sign in with `POST /api/v2/users/login`, then press *Authorize* and paste the session token. This page sends no cookies,
                    so it works the same whether or not you are signed in elsewhere in this browser.

                    Every error has the body `ResponseBody`: a message, perhaps a detail, and the refused fields.
                    Every answer carries `X-Coder-Request-Id`; name it when you report a problem.
                    """,
            });
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(type => type.Name.EndsWith("Json", StringComparison.Ordinal) ? type.Name[..^4] : type.Name);
            options.CustomOperationIds(OperationId);

            // A reference can have no description of its own, a wrapped one can.
            options.UseAllOfToExtendReferenceSchemas();
            options.IncludeXmlComments(
                Path.Combine(AppContext.BaseDirectory, $"{typeof(SwaggerSetup).Assembly.GetName().Name}.xml"),
                includeControllerXmlComments: true);
            options.AddSecurityDefinition(TokenScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Credentials.SessionTokenHeader,
                Description = "A session token or a long-lived token.",
            });
            options.AddSecurityDefinition(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same tokens in the Authorization header (RFC 6750).",
            });
            AddHeader(options, AgentScheme, Credentials.SessionTokenHeader, "The token of a workspace agent; a session is refused.");
            AddHeader(options, ProxyScheme, ProxyTokenHandler.Header, "The token of a workspace proxy; a session is refused.");
            AddHeader(options, DaemonKeyScheme, ProvisionerDaemonHandler.KeyHeader, "A provisioner key.");
            AddHeader(options, DaemonSecretScheme, ProvisionerDaemonHandler.SecretHeader, "The secret that all provisioner daemons share.");
            options.OperationFilter<CommonParts>();
            options.OperationFilter<RawBodies>();
            options.SchemaFilter<RawJsonSchema>();
            options.SchemaFilter<WireNamesSchema>();
            options.SchemaFilter<DocumentedTextsSchema>();
            options.SchemaFilter<DocumentedAsSchema>();
            options.ParameterFilter<DocumentedParameters>();
        });
    }

    private static void AddHeader(SwaggerGenOptions options, string scheme, string header, string description) =>
        options.AddSecurityDefinition(scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = header,
            Description = description,
        });

    // Both match every path against patterns of their own, which only these paths can pass.
    public static void UseCoderSwagger(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), UsePages);

    private static void UsePages(IApplicationBuilder app)
    {
        var policy = app.ApplicationServices.GetRequiredService<ContentSecurityPolicy>();
        app.Use(next => context =>
        {
            context.Response.Headers.ContentSecurityPolicy = policy.SwaggerPage;
            return next(context);
        });
        app.UseSwagger();
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "swagger";
            options.DocumentTitle = "Coder for .NET API";
            options.SwaggerEndpoint("v1/swagger.json", "Coder for .NET");

            // A session cookie would win over the token that was typed in.
            options.UseRequestInterceptor("(request) => { request.credentials = 'omit'; return request; }");
            options.EnablePersistAuthorization();
            options.DisplayRequestDuration();
            options.EnableTryItOutByDefault();
        });
    }

    private static string? OperationId(ApiDescription api) => api.ActionDescriptor is ControllerActionDescriptor action
        ? $"{action.ControllerName}_{action.ActionName}"
        : api.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName;
}
