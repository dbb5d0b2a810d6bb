namespace Coder.Domain.Common;

/// <summary>The HTTP status of each kind of error, wherever it is shown or recorded (docs/spec/platform.md, section 4).</summary>
public static class ErrorStatus
{
    /// <summary>The status code, 400 to 599.</summary>
    public static int HttpStatus(this ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => 400,
        ErrorKind.Unauthenticated => 401,
        ErrorKind.Forbidden => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.NotAcceptable => 406,
        ErrorKind.Conflict => 409,
        ErrorKind.Gone => 410,
        ErrorKind.PreconditionFailed => 412,
        ErrorKind.TooLarge => 413,
        ErrorKind.ExpectationFailed => 417,
        ErrorKind.TooEarly => 425,
        ErrorKind.TooManyRequests => 429,
        ErrorKind.Internal => 500,
        ErrorKind.Unavailable => 503,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
