namespace Coder.Domain.Authorization;

/// <summary>
/// One entry of the allow-list of a key: <c>workspace:&lt;id&gt;</c>, <c>workspace:*</c>, <c>*:&lt;id&gt;</c> or <c>*:*</c>
/// (docs/spec/platform.md, section 8.3).
/// </summary>
/// <param name="Type">The type, or <see langword="null"/> for all.</param>
/// <param name="Id">The object, or <see langword="null"/> for all.</param>
public readonly record struct AllowedTarget(ResourceType? Type, Guid? Id)
{
    private const string Any = "*";

    /// <summary>Everything.</summary>
    public static AllowedTarget Everything { get; }

    /// <summary>Reads an entry; names compare exactly, and the nil UUID names nothing.</summary>
    public static bool TryParse(string? text, out AllowedTarget target)
    {
        target = default;
        if (text?.Split(':') is not [var type, var id])
        {
            return false;
        }

        ResourceType? known = null;
        if (type != Any)
        {
            if (!ResourceTypes.TryParse(type, out var found))
            {
                return false;
            }

            known = found;
        }

        Guid? one = null;
        if (id != Any)
        {
            if (!Guid.TryParseExact(id, "D", out var parsed) || parsed == Guid.Empty)
            {
                return false;
            }

            one = parsed;
        }

        target = new AllowedTarget(known, one);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type?.WireName() ?? Any}:{Id?.ToString() ?? Any}";

    internal bool Concerns(ResourceType type) => Type is null || Type == type;
}
