using System.Diagnostics.CodeAnalysis;
using System.Text;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Templates;

/// <summary>What the placeholders in the resources of a manifest stand for in one build (docs/spec/workspaces.md, section 4).</summary>
public sealed record PlaceholderValues
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary><c>${workspace.id}</c>.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary><c>${workspace.name}</c>.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary><c>${workspace.transition}</c>.</summary>
    public required WorkspaceTransition Transition { get; init; }

    /// <summary><c>${owner.id}</c>.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary><c>${owner.name}</c>: the username.</summary>
    public required string OwnerName { get; init; }

    /// <summary><c>${owner.email}</c>.</summary>
    public required string OwnerEmail { get; init; }

    /// <summary><c>${prebuild.stage}</c>.</summary>
    public PrebuildStage PrebuildStage { get; init; }

    /// <summary><c>${parameter.NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = Nothing;

    /// <summary><c>${variable.NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = Nothing;

    /// <summary>Finds the value of a placeholder.</summary>
    /// <param name="name">What stands between the braces.</param>
    /// <returns><see langword="null"/> when there is no such placeholder.</returns>
    public string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "workspace.id" => WorkspaceId.ToString(),
            "workspace.name" => WorkspaceName,
            "workspace.transition" => Transition.WireName(),
            "owner.id" => OwnerId.ToString(),
            "owner.name" => OwnerName,
            "owner.email" => OwnerEmail,
            "prebuild.stage" => PrebuildStage.WireName(),
            _ when name.StartsWith("parameter.", StringComparison.Ordinal) => Parameters.GetValueOrDefault(name["parameter.".Length..]),
            _ when name.StartsWith("variable.", StringComparison.Ordinal) => Variables.GetValueOrDefault(name["variable.".Length..]),
            _ => null,
        };
    }
}

/// <summary>Replaces <c>${name}</c> in texts; <c>$${</c> is a literal <c>${</c> (docs/spec/workspaces.md, section 4).</summary>
public static class Placeholders
{
    /// <summary>The most characters (UTF-16) that all texts of the resources of a manifest may have together, with values.</summary>
    public const int MaximumTotal = 4 * 1024 * 1024;

    /// <summary>Replaces all placeholders in one pass: what a value contains is never looked at again.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="find">Gives the value of a name, or <see langword="null"/> for an unknown one.</param>
    /// <param name="maximum">The most characters (UTF-16) of the text with values; a longer one is never made.</param>
    /// <param name="expanded">The text with values, on success.</param>
    /// <param name="problem">
    /// The first name that is not known, a brace that is not closed, or that the text is too long, as one phrase, otherwise.
    /// </param>
    public static bool TryExpand(
        string text,
        Func<string, string?> find,
        int maximum,
        [NotNullWhen(true)] out string? expanded,
        [NotNullWhen(false)] out string? problem)
    {
        if (TryExpandWithin(text, find, maximum, out expanded, out problem))
        {
            return true;
        }

        problem ??= ManifestText.TooLong(maximum);
        return false;
    }

    /// <summary>The same; there is no <paramref name="problem"/> where the text is too long.</summary>
    internal static bool TryExpandWithin(
        string text,
        Func<string, string?> find,
        int maximum,
        [NotNullWhen(true)] out string? expanded,
        out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(find);
        (expanded, problem) = (null, null);
        var result = new StringBuilder(Math.Min(text.Length, maximum));
        var rest = text.AsSpan();
        for (var dollar = rest.IndexOf('$'); dollar >= 0; dollar = rest.IndexOf('$'))
        {
            if (!TryAppend(result, rest[..dollar], maximum))
            {
                return false;
            }

            rest = rest[dollar..];
            if (rest.StartsWith("$${", StringComparison.Ordinal))
            {
                if (!TryAppend(result, "${", maximum))
                {
                    return false;
                }

                rest = rest["$${".Length..];
            }
            else if (!rest.StartsWith("${", StringComparison.Ordinal))
            {
                if (!TryAppend(result, "$", maximum))
                {
                    return false;
                }

                rest = rest[1..];
            }
            else
            {
                var end = rest.IndexOf('}');
                if (end < 0)
                {
                    problem = "has a placeholder without an end";
                    return false;
                }

                var name = rest["${".Length..end].ToString();
                if (find(name) is not { } value)
                {
                    problem = $"has an unknown placeholder: {ManifestText.Quote(name)}";
                    return false;
                }

                if (!TryAppend(result, value, maximum))
                {
                    return false;
                }

                rest = rest[(end + 1)..];
            }
        }

        expanded = TryAppend(result, rest, maximum) ? result.ToString() : null;
        return expanded is not null;
    }

    private static bool TryAppend(StringBuilder result, ReadOnlySpan<char> text, int maximum)
    {
        if (text.Length > maximum - result.Length)
        {
            return false;
        }

        result.Append(text);
        return true;
    }
}
