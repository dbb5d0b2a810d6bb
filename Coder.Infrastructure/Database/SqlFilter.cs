using System.Diagnostics.CodeAnalysis;
using System.Text;
using Coder.Domain.Authorization;
using Dapper;

namespace Coder.Infrastructure.Database;

/// <summary>
/// Builds the <c>where</c> clause of a list from constant fragments. Only the predicates that are asked for stand in the statement
/// (never <c>@x is null or …</c>, which would cost a prepared plan its index), so few fragments make few texts.
/// </summary>
public sealed class SqlFilter
{
    private readonly StringBuilder _where = new();
    private readonly DynamicParameters _parameters = new();

    /// <summary>Adds a predicate without a value.</summary>
    public SqlFilter And([ConstantExpected] string predicate)
    {
        Append(predicate);
        return this;
    }

    /// <summary>Adds a predicate and the value of the one parameter that it names.</summary>
    public SqlFilter And([ConstantExpected] string predicate, object value, [ConstantExpected] string parameter)
    {
        Append(predicate);
        _parameters.Add(parameter, value);
        return this;
    }

    /// <summary>Adds a predicate only where there is a value to compare with.</summary>
    public SqlFilter AndIf(object? value, [ConstantExpected] string predicate, [ConstantExpected] string parameter) =>
        value is null ? this : And(predicate, value, parameter);

    /// <summary>
    /// Leaves only the rows that the actor may see. A scope of <see cref="ReadScopeKind.None"/> need not be sent to the database
    /// at all.
    /// </summary>
    /// <exception cref="InvalidOperationException">The scope compares a column that <paramref name="columns"/> does not name.</exception>
    public SqlFilter AndScope(ReadScope scope, ScopeColumns columns) => AndScope(scope, columns, "scope");

    /// <summary>The same for what the rows are joined with, beside a scope for the rows themselves.</summary>
    /// <param name="scope">What the actor may see of it.</param>
    /// <param name="columns">Where the statement has what the scope compares.</param>
    /// <param name="prefix">Begins the names of the parameters; not <c>scope</c> or <c>scope2</c>.</param>
    /// <exception cref="InvalidOperationException">The scope compares a column that <paramref name="columns"/> does not name.</exception>
    public SqlFilter AndScope(ReadScope scope, ScopeColumns columns, [ConstantExpected] string prefix)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(columns);
        if (ScopeSql.Predicate(scope, columns, prefix, _parameters) is { } predicate)
        {
            Append(predicate);
        }

        return this;
    }

    /// <summary>The same for rows of two types in one table, such as workspaces that are and are not dormant.</summary>
    /// <param name="condition">True for the rows of the first type, false for those of the second, never null.</param>
    /// <param name="first">What may be seen of the first type.</param>
    /// <param name="second">What may be seen of the second type.</param>
    /// <param name="columns">Where the rows of both keep what the scopes compare.</param>
    public SqlFilter AndScopes([ConstantExpected] string condition, ReadScope first, ReadScope second, ScopeColumns columns)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(columns);
        var one = ScopeSql.Predicate(first, columns, "scope", _parameters);
        var two = ScopeSql.Predicate(second, columns, "scope2", _parameters);
        if (one is not null || two is not null)
        {
            // Not a case expression: no index serves what stands inside one.
            Append($"({condition}) and ({one ?? "true"}) or not ({condition}) and ({two ?? "true"})");
        }

        return this;
    }

    /// <summary>Gives a value to a parameter that the head or the tail of the statement names.</summary>
    public SqlFilter With([ConstantExpected] string parameter, object? value)
    {
        _parameters.Add(parameter, value);
        return this;
    }

    /// <summary>
    /// Puts the filter between the head (<c>select … from …</c>) and the tail (<c>order by … limit …</c>) of a statement.
    /// </summary>
    public SqlText Between([ConstantExpected] string head, [ConstantExpected] string tail = "") =>
        new(_where.Length == 0 ? $"{head}\n{tail}" : $"{head}\nwhere {_where}\n{tail}", _parameters);

    private void Append(string predicate)
    {
        if (_where.Length > 0)
        {
            _where.Append("\n  and ");
        }

        _where.Append('(').Append(predicate).Append(')');
    }
}
