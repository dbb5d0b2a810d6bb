using System.Text;
using Coder.Application.Common;
using Coder.Domain.Templates;
using FluentValidation;

namespace Coder.Application.Builds;

/// <summary>The rules of the parameter values that a request gives (docs/spec/workspaces.md, section 11).</summary>
internal static class ParameterFields
{
    /// <summary>
    /// At most 1,000 values of at most 64 KiB and 1 MiB together, each name once. They are not repeated in the answer, for their length.
    /// </summary>
    public static void AreParameterValues<T>(this IRuleBuilder<T, IReadOnlyList<ParameterValue>> rule) => rule
        .Tagged("max", values => values.Count <= TemplateParameter.MaximumCount)
        .IsSecret()
        .Tagged("value_max", values => values.All(value => Bytes(value) <= TemplateParameter.MaximumValueBytes))
        .IsSecret()
        .Tagged("total_max", values => values.Sum(Bytes) <= TemplateParameter.MaximumTotalBytes)
        .IsSecret()
        .Tagged("unique", values => values.DistinctBy(value => value.Name, StringComparer.Ordinal).Count() == values.Count)
        .IsSecret();

    private static long Bytes(ParameterValue value) => Encoding.UTF8.GetByteCount(value.Value);
}
