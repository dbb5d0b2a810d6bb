using Coder.Domain.Common;

namespace Coder.Application.Common;

/// <summary>Ids as they stand in paths (docs/spec/platform.md, section 4).</summary>
internal static class PathIds
{
    /// <summary>Reads an id; 400 when the text is none.</summary>
    public static Result<Guid> Parse(string text) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : new Error(ErrorKind.Invalid, $"Invalid UUID \"{text}\".", "A UUID has 32 hexadecimal digits in five groups, with hyphens between them.");
}
