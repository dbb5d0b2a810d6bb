using Coder.Application.Common;
using Coder.Domain.Users;
using FluentValidation;

namespace Coder.Application.Organizations;

/// <summary>What the fields of a custom role have to satisfy, whether it is made or changed.</summary>
internal static class CustomRoleFields
{
    public static void IsRoleName<T>(this IRuleBuilder<T, string> rule) => rule.Required().Tagged("role_name", NameRules.IsName);

    public static void IsRoleDisplayName<T>(this IRuleBuilder<T, string> rule) => rule.Tagged("role_display_name", NameRules.IsDisplayName);
}
