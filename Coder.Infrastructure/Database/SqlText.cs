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
}
