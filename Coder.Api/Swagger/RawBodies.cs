using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>Says in the document that an action reads the body itself, as bytes.</summary>
/// <param name="types">The media types that it takes.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesBytesAttribute(params string[] types) : Attribute
{
    /// <summary>The media types.</summary>
    public IReadOnlyList<string> Types { get; } = types;
}

/// <summary>Says in the document that an action answers with bytes and 200.</summary>
/// <param name="types">The media types that they may have.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswersBytesAttribute(params string[] types) : Attribute
{
    /// <summary>The media types.</summary>
    public IReadOnlyList<string> Types { get; } = types;
}

/// <summary>Writes both attributes into their operation.</summary>
internal sealed class RawBodies : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor is not ControllerActionDescriptor action)
        {
            return;
        }

        if (action.MethodInfo.GetCustomAttribute<TakesBytesAttribute>() is { } taken)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Bytes(taken.Types) };
        }

        if (action.MethodInfo.GetCustomAttribute<AnswersBytesAttribute>() is { } answered
            && operation.Responses?["200"] is OpenApiResponse response)
        {
            response.Content = Bytes(answered.Types);
        }
    }

    private static Dictionary<string, IOpenApiMediaType> Bytes(IReadOnlyList<string> types) => types.ToDictionary(
        type => type,
        IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        StringComparer.Ordinal);
}
