using System.Collections;
using Dapper;

namespace Coder.Infrastructure.Database;

/// <summary>A statement put together from constant fragments, with the values of its parameters. Only <see cref="SqlFilter"/> makes one.</summary>
public sealed class SqlText
{
    internal SqlText(string text, DynamicParameters parameters)
    {
        Text = text;
        Parameters = parameters;
    }

    /// <summary>The statement. Values never stand in it.</summary>
    public string Text { get; }

    internal DynamicParameters Parameters { get; }

    /// <summary>Several statements as one command. What has the same name in two of them must be the same.</summary>
    /// <exception cref="InvalidOperationException">Two statements give one parameter different values.</exception>
    internal static SqlText Together(IReadOnlyList<SqlText> statements)
    {
        var parameters = new DynamicParameters();
        var seen = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var statement in statements)
        {
            foreach (var name in statement.Parameters.ParameterNames)
            {
                var value = statement.Parameters.Get<object?>(name);
                if (seen.TryAdd(name, value))
                {
                    parameters.Add(name, value);
                }
                else if (!StructuralComparisons.StructuralEqualityComparer.Equals(seen[name], value))
                {
                    throw new InvalidOperationException($"Two statements give @{name} different values.");
                }
            }
        }

        return new SqlText(string.Join(";\n", statements.Select(s => s.Text)), parameters);
    }
}
