using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>
/// Says in the document that a query parameter is a whole number. It is bound as text, and parsed with the texts of the API.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class WholeNumberAttribute : Attribute;

/// <summary>Writes the schema of <see cref="WholeNumberAttribute"/>.</summary>
internal sealed class WholeNumbers : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is OpenApiParameter written && context.ParameterInfo?.IsDefined(typeof(WholeNumberAttribute), inherit: false) == true)
        {
            written.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0" };
        }
    }
}
