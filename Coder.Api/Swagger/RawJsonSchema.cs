using Coder.Api.Licensing;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>Describes JSON that is passed on as it is: an object with any members.</summary>
internal sealed class RawJsonSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type == typeof(RawJson) && schema is OpenApiSchema raw)
        {
            raw.Type = JsonSchemaType.Object;
            raw.Properties?.Clear();
            raw.Required?.Clear();
            raw.AdditionalPropertiesAllowed = true;
            raw.AdditionalProperties = new OpenApiSchema();
            raw.Description = "A JSON object, passed on as it was signed.";
        }
    }
}
