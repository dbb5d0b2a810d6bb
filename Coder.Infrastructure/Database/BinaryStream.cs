using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Coder.Infrastructure.Database;

/// <summary>A value of type <c>bytea</c> that is sent while it is read, and is never in memory as a whole.</summary>
/// <param name="content">From the present position to the end; must know its length.</param>
internal sealed class BinaryStream(Stream content) : SqlMapper.ICustomQueryParameter
{
    public void AddParameter(IDbCommand command, string name) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Bytea) { Value = content });
}
