using System.Text.Json;

namespace Coder.Domain.Authorization;

/// <summary>Who else may do what to one object, by user id or by group id.</summary>
/// <remarks>A list read from the database stays text until a decision needs it: most decisions end with the roles.</remarks>
public sealed class AccessControlList
{
    private readonly string? _json;
    private Dictionary<Guid, ActionMask>? _entries;

    private AccessControlList(string? json, Dictionary<Guid, ActionMask>? entries)
    {
        _json = json;
        _entries = entries;
    }

    /// <summary>The list that lets nobody in.</summary>
    public static AccessControlList Empty { get; } = new(null, []);

    private Dictionary<Guid, ActionMask> Entries => _entries ??= Read(_json!);

    /// <summary>Everybody with an entry, in no particular order.</summary>
    public IReadOnlyCollection<Guid> Ids => Entries.Keys;

    /// <summary>Takes a stored list, either <c>{"id": ["read"]}</c> or <c>{"id": {"permissions": ["read"]}}</c>.</summary>
    /// <remarks>The action <c>*</c> stands for all; keys that are no UUIDs and unknown actions grant nothing.</remarks>
    /// <param name="json">A JSON object; <see langword="null"/> and the empty text are the empty list.</param>
    /// <exception cref="JsonException">At the first decision that needs the list: the text is not JSON.</exception>
    public static AccessControlList FromJson(string? json) =>
        string.IsNullOrEmpty(json) || json == "{}" ? Empty : new AccessControlList(json, null);

    /// <summary>Makes a list with one entry.</summary>
    public static AccessControlList Of(Guid id, params ReadOnlySpan<PermissionAction> actions) =>
        new(null, new Dictionary<Guid, ActionMask> { [id] = Mask(actions) });

    /// <summary>Makes a list from the actions of each id.</summary>
    public static AccessControlList Of(IEnumerable<KeyValuePair<Guid, IReadOnlyList<PermissionAction>>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new AccessControlList(null, entries.ToDictionary(e => e.Key, e => Mask(e.Value.ToArray())));
    }

    /// <summary>Whether the entry of <paramref name="id"/> names <paramref name="action"/> or all actions.</summary>
    public bool Allows(Guid id, PermissionAction action) => Allows(id, action.Bit());

    internal bool Allows(Guid id, ActionMask action) => Entries.TryGetValue(id, out var mask) && (mask & action) != ActionMask.None;

    private static ActionMask Mask(ReadOnlySpan<PermissionAction> actions)
    {
        var mask = ActionMask.None;
        foreach (var action in actions)
        {
            mask |= action.Bit();
        }

        return mask;
    }

    private static Dictionary<Guid, ActionMask> Read(string json)
    {
        var entries = new Dictionary<Guid, ActionMask>();
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return entries;
        }

        foreach (var entry in document.RootElement.EnumerateObject())
        {
            if (Guid.TryParseExact(entry.Name, "D", out var id))
            {
                entries[id] = ReadActions(entry.Value);
            }
        }

        return entries;
    }

    private static ActionMask ReadActions(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !value.TryGetProperty("permissions", out value))
        {
            return ActionMask.None;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return ActionMask.None;
        }

        var mask = ActionMask.None;
        foreach (var item in value.EnumerateArray())
        {
            var name = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (name == "*")
            {
                mask = ActionMask.Everything;
            }
            else if (PermissionActions.TryParse(name, out var action))
            {
                mask |= action.Bit();
            }
        }

        return mask;
    }
}
