using Coder.Api.Authentication;
using Coder.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>Adds to every operation what is the same everywhere: who may call, what a body is, and how it fails.</summary>
internal sealed class CommonParts : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor is not ControllerActionDescriptor action)
        {
            return;
        }

        var isOpen = action.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        var schemes = SchemesOf(action);
        if (!isOpen)
        {
            var isOfSessions = schemes.Contains(SwaggerSetup.TokenScheme);
            Add(operation, context, "401", isOfSessions
                ? "There is no session, or the credential is not accepted."
                : "There is no token, or it is not accepted.");
        }

        if (!isOpen || action.EndpointMetadata.OfType<OptionalAuthenticationAttribute>().Any())
        {
            operation.Security =
            [
                .. schemes.Select(scheme => new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [],
                }),
            ];
            if (isOpen)
            {
                // An empty requirement is how OpenAPI says "or nothing at all".
                operation.Security.Add(new OpenApiSecurityRequirement());
            }
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            foreach (var type in body.Content?.Keys.Where(type => type != Json).ToList() ?? [])
            {
                body.Content!.Remove(type);
            }

            Add(operation, context, "400", "The body can not be read, or a field breaks its rules.");
            Add(operation, context, "413", "The body is too long.");
        }

        Add(operation, context, "429", "Too many requests within a minute; Retry-After says when to try again.");
        Add(operation, context, "500", "A bug; the detail names the request id.");
        Add(operation, context, "503", "The database is away or overloaded; Retry-After says when to try again.");
    }

    // Any one of them will do.
    private static string[] SchemesOf(ControllerActionDescriptor action) =>
        action.EndpointMetadata.OfType<AuthorizeAttribute>().LastOrDefault(a => a.AuthenticationSchemes is not null) switch
        {
            AgentAuthenticationAttribute => [SwaggerSetup.AgentScheme],
            ProxyAuthenticationAttribute => [SwaggerSetup.ProxyScheme],
            DaemonAuthenticationAttribute =>
                [SwaggerSetup.DaemonKeyScheme, SwaggerSetup.DaemonSecretScheme, SwaggerSetup.TokenScheme, SwaggerSetup.BearerScheme],
            _ => [SwaggerSetup.TokenScheme, SwaggerSetup.BearerScheme],
        };

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
                [Json] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(ResponseBody), context.SchemaRepository),
                },
            },
        };
    }
}
