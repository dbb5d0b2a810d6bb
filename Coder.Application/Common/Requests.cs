using System.Data;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common;

/// <summary>A use case that only reads. It never writes, whatever it finds.</summary>
/// <typeparam name="T">What a success carries.</typeparam>
public interface IQuery<T> : IRequest<Result<T>>;

/// <summary>A use case that changes something.</summary>
/// <typeparam name="T">What a success carries; <see cref="Done"/> where there is nothing to say.</typeparam>
public interface ICommand<T> : IRequest<Result<T>>;

/// <summary>
/// Marks a command that runs inside one database transaction: committed on success, rolled back on a failure result or an exception,
/// and run again (three times at most) when PostgreSQL reports a serialization failure or a deadlock.
/// </summary>
/// <remarks>The handler may therefore run more than once and must do nothing outside the database; see <see cref="IAfterCommit"/>.</remarks>
public interface ITransactional
{
    /// <summary>Read committed, unless a command decides on a count.</summary>
    IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;
}
