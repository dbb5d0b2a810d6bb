namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The embedded PostgreSQL can not be used. The message is made for the operator: what is wrong, where, and what helps.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>Makes an exception with a message for the operator.</summary>
    public EmbeddedPostgresException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message for the operator and the failure behind it.</summary>
    public EmbeddedPostgresException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception with a general message; callers name the reason instead.</summary>
    public EmbeddedPostgresException()
        : base("The embedded PostgreSQL can not be used.")
    {
    }
}
