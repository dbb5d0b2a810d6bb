namespace Coder.Domain.Templates;

/// <summary>One of the values that a parameter may have.</summary>
/// <param name="Name">What people see.</param>
/// <param name="Description">More about it; may be empty.</param>
/// <param name="Value">What the parameter becomes.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record ParameterOption(string Name, string Description, string Value, string Icon);

/// <summary>A value of a build.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">The value, as text whatever the type is.</param>
public sealed record ParameterValue(string Name, string Value);

/// <summary>
/// Something that a template asks for at every build (docs/spec/workspaces.md, section 4). The rules for its values are
/// <see cref="ParameterRules"/>.
/// </summary>
public sealed record TemplateParameter
{
    /// <summary>The longest value, in bytes of UTF-8; longer ones are refused (section 11).</summary>
    public const int MaximumValueBytes = 65_536;

    /// <summary>The most bytes of UTF-8 that the values of one request may have together (section 11).</summary>
    public const int MaximumTotalBytes = 1024 * 1024;

    /// <summary>The most values of one build, and therefore the most parameters of a template (section 11).</summary>
    public const int MaximumCount = 1000;

    /// <summary>Unique within the template version; compared exactly.</summary>
    public required string Name { get; init; }

    /// <summary>What people see instead of <see cref="Name"/>; may be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Markdown; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <inheritdoc cref="ParameterType"/>
    public ParameterType Type { get; init; }

    /// <summary>How a form asks for it; one of <see cref="ParameterRules.FormTypes"/>.</summary>
    public ParameterFormType FormType { get; init; } = ParameterFormType.Input;

    /// <summary>Whether later builds may have another value than the first one.</summary>
    public bool Mutable { get; init; } = true;

    /// <summary>The value if there is no other; <see langword="null"/>: somebody must give one.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>The only values; empty: any.</summary>
    public IReadOnlyList<ParameterOption> Options { get; init; } = [];

    /// <summary>A pattern that text must contain; empty: none. Patterns that need backtracking are not supported.</summary>
    public string ValidationRegex { get; init; } = "";

    /// <summary>
    /// What is said about a value that does not fit the pattern or the limits; <c>{value}</c>, <c>{min}</c> and <c>{max}</c> are filled
    /// in. Empty: a sentence of ours.
    /// </summary>
    public string ValidationError { get; init; } = "";

    /// <summary>The least number.</summary>
    public int? ValidationMin { get; init; }

    /// <summary>The greatest number.</summary>
    public int? ValidationMax { get; init; }

    /// <inheritdoc cref="MonotonicOrder"/>
    public MonotonicOrder ValidationMonotonic { get; init; }

    /// <summary>Whether a value is for one build only and not carried over to the next.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Whether somebody must give a value.</summary>
    public bool Required => DefaultValue is null;
}

/// <summary>Something that a template asks for once, at the import of a version.</summary>
public sealed record TemplateVariable
{
    /// <summary>Unique within the template version; compared exactly.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Any but <see cref="ParameterType.ListOfText"/>.</summary>
    public ParameterType Type { get; init; }

    /// <summary>The value if no other is given; may be <see langword="null"/>.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>Whether the import fails without a given value.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the value is shown to nobody.</summary>
    public bool Sensitive { get; init; }
}
