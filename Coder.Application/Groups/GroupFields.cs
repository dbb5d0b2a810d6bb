using Coder.Application.Common;
using Coder.Domain.Users;
using FluentValidation;

namespace Coder.Application.Groups;

/// <summary>The rules of the fields of a group, the same when it is made and when it is changed.</summary>
internal static class GroupFields
{
    public static void IsGroupName<T>(this IRuleBuilder<T, string?> rule) => rule.Tagged("group_name", NameRules.IsGroupName);

    public static void IsGroupNameOrEmpty<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("group_name", name => string.IsNullOrEmpty(name) || NameRules.IsGroupName(name));

    public static void IsGroupDisplayName<T>(this IRuleBuilder<T, string?> rule) => rule.Tagged("group_display_name", NameRules.IsDisplayName);
}
