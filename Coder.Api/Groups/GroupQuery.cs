using Coder.Domain.Common;

namespace Coder.Api.Groups;

/// <summary>What is wrong with a query before its values are looked at (docs/spec/platform.md, section 4 rule 6).</summary>
internal static class GroupQuery
{
    /// <summary>Finds parameters that stand there twice: binding would take the first and pass over the rest.</summary>
    public static void JudgeRepeated(this IQueryCollection query, ReadOnlySpan<string> names, List<FieldError> errors)
    {
        foreach (var name in names)
        {
            if (query.TryGetValue(name, out var values) && values.Count > 1)
            {
                errors.Add(new FieldError(
                    name,
                    $"Query param \"{name}\" provided more than once, found {values.Count} times. Only provide 1 instance of this query param."));
            }
        }
    }
}
