using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Common;

/// <summary>Something that is either fine or an <see cref="Common.Error"/>, and can be made from an error without reflection.</summary>
/// <typeparam name="TSelf">The implementing type itself.</typeparam>
public interface IOutcome<TSelf>
    where TSelf : IOutcome<TSelf>
{
    /// <summary>The failure, or <see langword="null"/> on success.</summary>
    Error? Error { get; }

    /// <summary>Makes a failed outcome.</summary>
    static abstract TSelf From(Error error);
}

/// <summary>The value of a use case that answers nothing.</summary>
public readonly record struct Done
{
    /// <summary>The only value.</summary>
    public static Done Value => default;
}

/// <summary>A value or an expected failure. Exceptions are for bugs and broken infrastructure only.</summary>
/// <remarks>The default value of this struct is a success that holds <c>default(T)</c>; make results by conversion instead.</remarks>
/// <typeparam name="T">What a success carries.</typeparam>
public readonly record struct Result<T> : IOutcome<Result<T>>
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <inheritdoc/>
    public static Result<T> From(Error error) => new(default, error);

    /// <summary>Succeeds with <paramref name="value"/>.</summary>
    public static Result<T> From(T value) => new(value, null);

    /// <summary>Succeeds with <paramref name="value"/>.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>Fails with <paramref name="error"/>.</summary>
    public static implicit operator Result<T>(Error error) => new(default, error);

    /// <summary>Takes the result apart: exactly one of the two is there.</summary>
    /// <returns><see langword="true"/> on success.</returns>
    public bool Is([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Error? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }

    /// <summary>Turns either case into one value.</summary>
    public TOut Match<TOut>(Func<T, TOut> success, Func<Error, TOut> failure)
    {
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return Error is null ? success(_value!) : failure(Error);
    }
}
