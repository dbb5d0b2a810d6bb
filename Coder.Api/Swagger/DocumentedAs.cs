using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>
/// Says in the document what a parameter or a property holds. It is bound as a text all the same, because it is our parser that judges it.
/// </summary>
/// <param name="type">bool, int or Guid; of properties Guid only.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class DocumentedAsAttribute(Type type) : Attribute
{
    /// <summary>What it holds.</summary>
    public Type Type { get; } = type;
}

/// <summary>Says in the document which texts a parameter or a property can have. Documentation only: it checks nothing.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class DocumentedTextsAttribute(params string[] texts) : Attribute
{
    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; } = texts;

    public IList<JsonNode> Nodes => [.. Texts.Select(text => (JsonNode)JsonValue.Create(text)!)];
}

/// <summary>Writes both attributes into the schemas of parameters.</summary>
internal sealed class DocumentedParameters : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter.Schema is not OpenApiSchema schema || context.ParameterInfo is not { } info)
        {
            return;
        }

        if (info.GetCustomAttribute<DocumentedTextsAttribute>() is { } texts)
        {
            schema.Enum = texts.Nodes;
        }

        if (info.GetCustomAttribute<DocumentedAsAttribute>()?.Type is { } type)
        {
            (schema.Type, schema.Format) = type == typeof(bool) ? (JsonSchemaType.Boolean, null)
                : type == typeof(int) ? (JsonSchemaType.Integer, "int32")
                : type == typeof(Guid) ? (JsonSchemaType.String, "uuid")
                : type == typeof(DateTimeOffset) ? (JsonSchemaType.String, "date-time")
                : throw new NotSupportedException($"{type} is not known to the document.");
        }
    }
}

/// <summary>Writes <see cref="DocumentedAsAttribute"/> into the schema of its property.</summary>
internal sealed class DocumentedAsSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo?.GetCustomAttribute<DocumentedAsAttribute>() is { } documented && schema is OpenApiSchema text)
        {
            text.Format = documented.Type == typeof(Guid)
                ? "uuid"
                : throw new NotSupportedException($"{documented.Type} is not known to the document.");
        }
    }
}

/// <summary>Writes <see cref="DocumentedTextsAttribute"/> into the schema of its property.</summary>
internal sealed class DocumentedTextsSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo?.GetCustomAttribute<DocumentedTextsAttribute>() is { } texts && schema is OpenApiSchema text)
        {
            text.Texts().Enum = texts.Nodes;
        }
    }
}

/// <summary>Finds what an attribute about texts describes.</summary>
internal static class TextSchemas
{
    /// <summary>The elements of a list or the values of a map of texts, else the text itself.</summary>
    public static OpenApiSchema Texts(this OpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Array) == true && schema.Items is OpenApiSchema items ? items
        : schema.AdditionalProperties as OpenApiSchema ?? schema;
}
