using Coder.Api.Authentication;
using Coder.Api.Deployment;
using Coder.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>The OpenAPI document at <c>/swagger/v1/swagger.json</c> and the page at <c>/swagger</c>, generated from the code.</summary>
internal static class SwaggerSetup
{
    public const string TokenScheme = "SessionToken";
    public const string BearerScheme = "Bearer";

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
            options.CustomOperationIds(api => api.ActionDescriptor.RouteValues.TryGetValue("action", out var action) && action is not null
                ? $"{api.ActionDescriptor.RouteValues["controller"]}_{action}"
                : null);
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, $"{typeof(SwaggerSetup).Assembly.GetName().Name}.xml"), includeControllerXmlComments: true);
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
            options.OperationFilter<CommonResponses>();
            options.SchemaFilter<RawJsonSchema>();
        });
    }

    public static void UseCoderSwagger(this IApplicationBuilder app)
    {
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

    /// <summary>Adds what is the same everywhere: who may call, and how it fails.</summary>
    private sealed class CommonResponses : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
            var isController = context.ApiDescription.ActionDescriptor is Microsoft.AspNetCore.Mvc.Controllers.ControllerActionDescriptor;
            if (!isController)
            {
                return;
            }

            var isOpen = metadata.OfType<IAllowAnonymous>().Any();
            if (!isOpen)
            {
                Add(operation, context, "401", "There is no session, or the credential is not accepted.");
            }

            if (!isOpen || metadata.OfType<OptionalAuthenticationAttribute>().Any())
            {
                operation.Security =
                [
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] },
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] },
                ];
            }

            if (operation.RequestBody is not null)
            {
                Add(operation, context, "400", "The body can not be read, or a field breaks its rules.");
            }

            Add(operation, context, "500", "A bug; the detail names the request id.");
            Add(operation, context, "503", "The database is away or overloaded; Retry-After says when to try again.");
        }

        private static void Add(OpenApiOperation operation, OperationFilterContext context, string status, string description)
        {
            operation.Responses ??= [];
            if (operation.Responses.ContainsKey(status))
            {
                return;
            }

            operation.Responses[status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(typeof(ResponseBody), context.SchemaRepository),
                    },
                },
            };
        }
    }

    private sealed class RawJsonSchema : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type == typeof(Licensing.RawJson) && schema is OpenApiSchema raw)
            {
                raw.Type = JsonSchemaType.Object;
                raw.Properties?.Clear();
                raw.Required?.Clear();
                raw.AdditionalPropertiesAllowed = true;
                raw.Description = "A JSON object, passed on as it was signed.";
            }
        }
    }
}
