using Coder.Domain.AuditLogs;

namespace Coder.Application.AuditLogs;

/// <summary>
/// Marks a command that the audit log records: a success in the transaction of the write, a failure after its rollback
/// (docs/spec/platform.md, section 8). The handler tells <see cref="AuditTrail"/> what it is about and what changed.
/// </summary>
/// <remarks>
/// A command that is not <see cref="Common.ITransactional"/> calls <see cref="AuditTrail.WriteAsync"/> itself, in the transaction in which
/// it writes.
/// </remarks>
public interface IAudited
{
    /// <summary>What is recorded.</summary>
    AuditedAction Audited { get; }
}

/// <summary>What a command does, in the words of the audit log.</summary>
/// <param name="Resource">The kind of resource.</param>
/// <param name="Action">What is done to it.</param>
/// <param name="SuccessStatus">The HTTP status of a success.</param>
public sealed record AuditedAction(AuditResourceType Resource, AuditAction Action, int SuccessStatus);
