using Coder.Application.Common;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using FluentValidation;

namespace Coder.Application.Templates;

/// <summary>The rules of the fields of templates and versions, the same when they are made and when they are changed.</summary>
internal static class TemplateFields
{
    private const int MaximumMessage = 1_048_576;

    public static IRuleBuilderOptions<T, string?> IsTemplateName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("template_name", NameRules.IsName);

    public static void IsTemplateNameOrEmpty<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("template_name", name => string.IsNullOrEmpty(name) || NameRules.IsName(name));

    public static void IsTemplateDisplayName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("template_display_name", NameRules.IsDisplayName);

    public static void IsTemplateDescription<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("lt", text => text is not { Length: > TemplateRules.MaximumDescription });

    public static void IsTemplateIcon<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("lte", text => text is not { Length: > TemplateRules.MaximumIcon });

    public static void IsVersionNameOrEmpty<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("template_version_name", name => string.IsNullOrEmpty(name) || NameRules.IsTemplateVersionName(name));

    public static void IsVersionMessage<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("lt", text => text is not { Length: >= MaximumMessage });

    public static void IsPortSharingLevelOrEmpty<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("oneof", name => string.IsNullOrEmpty(name) || AppSharingLevels.TryParse(name, out _));

    public static void IsCorsBehaviorOrEmpty<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Tagged("oneof", name => string.IsNullOrEmpty(name) || CorsBehaviors.TryParse(name, out _));
}
