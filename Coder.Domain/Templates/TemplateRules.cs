namespace Coder.Domain.Templates;

/// <summary>What templates may be like (docs/spec/workspaces.md, section 6).</summary>
public static class TemplateRules
{
    /// <summary>The longest description, in characters.</summary>
    public const int MaximumDescription = 127;
}
