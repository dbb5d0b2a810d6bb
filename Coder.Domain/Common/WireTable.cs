using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Coder.Domain.Common;

/// <summary>The wire names of an enumeration whose values are 0, 1, 2 …; names are compared exactly.</summary>
internal sealed class WireTable<T>
    where T : struct, Enum
{
    private readonly string[] _names;
    private readonly FrozenDictionary<string, T> _values;

    /// <summary>Takes the names in the order of the values.</summary>
    public WireTable(params string[] names)
    {
        _names = names;
        _values = Enum.GetValues<T>().ToFrozenDictionary(value => this[value], StringComparer.Ordinal);
    }

    public string this[T value] => Unsafe.BitCast<T, int>(value) is var index && (uint)index < (uint)_names.Length
        ? _names[index]
        : throw new ArgumentOutOfRangeException(nameof(value), value, "has no wire name");

    public bool TryParse(string? name, out T value)
    {
        value = default;
        return name is not null && _values.TryGetValue(name, out value);
    }
}
