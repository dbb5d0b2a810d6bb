#nullable enable
namespace MediatR;

/// <summary>Marks every request, with or without a response.</summary>
public interface IBaseRequest { }

/// <summary>A request without a response.</summary>
public interface IRequest : IBaseRequest { }

/// <summary>A request that is answered with a <typeparamref name="TResponse"/>.</summary>
public interface IRequest<out TResponse> : IBaseRequest { }

/// <summary>A request that is answered with a sequence of <typeparamref name="TResponse"/>.</summary>
public interface IStreamRequest<out TResponse> { }

/// <summary>An event with any number of handlers.</summary>
public interface INotification { }

/// <summary>The value of a request that answers nothing; all values are equal.</summary>
public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit _value;

    /// <summary>The only value.</summary>
    public static ref readonly Unit Value => ref _value;

    /// <summary>A finished task that holds the only value.</summary>
    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(_value);

    /// <inheritdoc/>
    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public bool Equals(Unit other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Unit;

    /// <summary>Always true.</summary>
    public static bool operator ==(Unit first, Unit second) => true;

    /// <summary>Always false.</summary>
    public static bool operator !=(Unit first, Unit second) => false;

    /// <inheritdoc/>
    public override string ToString() => "()";
}
