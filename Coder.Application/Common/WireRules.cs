using System.Linq.Expressions;
using FluentValidation;
using FluentValidation.Results;

namespace Coder.Application.Common;

/// <summary>
/// Rules in the words of the wire: a field has the name that clients know, a broken rule is named by its tag, and a secret is never repeated.
/// </summary>
internal static class WireRules
{
    private static readonly object Secret = new();

    /// <summary>Begins the rules of one field. The first broken one is reported.</summary>
    public static IRuleBuilderInitial<T, TField> Field<T, TField>(
        this AbstractValidator<T> validator, Expression<Func<T, TField>> field, string name)
    {
        validator.ClassLevelCascadeMode = CascadeMode.Continue;
        var rule = validator.RuleFor(field).Cascade(CascadeMode.Stop);
        rule.Configure(r => r.PropertyName = name);
        return rule;
    }

    /// <summary>The field must be there and not be empty.</summary>
    public static IRuleBuilderOptions<T, TField> Required<T, TField>(this IRuleBuilder<T, TField> rule) => rule.NotEmpty().WithErrorCode("required");

    /// <summary>The field must satisfy a rule that clients know by its tag.</summary>
    public static IRuleBuilderOptions<T, TField> Tagged<T, TField>(this IRuleBuilder<T, TField> rule, string tag, Func<TField, bool> holds) =>
        rule.Must(holds).WithErrorCode(tag);

    /// <summary>The value must not be repeated in the answer.</summary>
    public static IRuleBuilderOptions<T, TField> IsSecret<T, TField>(this IRuleBuilderOptions<T, TField> rule) => rule.WithState(_ => Secret);

    /// <summary>The text for one broken rule.</summary>
    public static string Detail(ValidationFailure failure)
    {
        var value = ReferenceEquals(failure.CustomState, Secret) ? null : failure.AttemptedValue;
        return $"Validation failed for tag \"{failure.ErrorCode}\" with value: \"{value}\"";
    }
}
