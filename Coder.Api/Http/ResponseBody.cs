using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Domain.Common;

namespace Coder.Api.Http;

/// <summary>The body of every error, and of answers that are only a message (docs/spec/platform.md, section 4 rule 1).</summary>
/// <param name="Message">One sentence.</param>
/// <param name="Detail">More about this case; left out when there is nothing to add.</param>
/// <param name="Validations">The refused fields; left out when there are none.</param>
public sealed record ResponseBody(
    [property: Required] string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ValidationErrorJson>? Validations = null);

/// <summary>One refused field.</summary>
/// <param name="Field">The JSON or query name.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record ValidationErrorJson([property: Required] string Field, [property: Required] string Detail)
{
    internal static ValidationErrorJson From(FieldError error) => new(error.Field, error.Detail);
}
