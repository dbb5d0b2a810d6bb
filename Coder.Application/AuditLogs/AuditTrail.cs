using System.Text.Json.Nodes;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Application.AuditLogs;

/// <summary>Collects what the audit log has to say about the command that runs in this scope, and writes it.</summary>
/// <remarks>Nothing is written while the license does not give <c>audit_log</c>.</remarks>
public sealed class AuditTrail(
    IAuditStore store,
    IAuditServiceLog serviceLog,
    IRequestOrigin origin,
    IAfterCommit afterCommit,
    IEntitlementSource entitlements,
    IIds ids,
    TimeProvider time)
{
    private const int LongestUserAgent = 256;

    private Guid? _actor;
    private IRequestOrigin? _origin;
    private Guid _resourceId;
    private Guid _organizationId;
    private string _target = "";
    private string _icon = "";
    private AuditSnapshot? _before;
    private AuditSnapshot? _after;
    private JsonObject _additional = [];
    private bool _isForced;
    private bool _isSkipped;

    /// <summary>Whether the command has said what it is about.</summary>
    internal bool HasSubject { get; private set; }

    /// <summary>Names the resource, as soon as it is known: a failure is only recorded with it.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="target">Its name.</param>
    /// <param name="organization">Its organization, if it has one.</param>
    /// <param name="icon">Its picture, if it has one.</param>
    public AuditTrail About(Guid id, string target, Guid? organization = null, string icon = "")
    {
        HasSubject = true;
        _resourceId = id;
        _target = target;
        _organizationId = organization ?? Guid.Empty;
        _icon = icon;
        return this;
    }

    /// <summary>What the command changed; either side is <see langword="null"/> when the resource was not there then.</summary>
    public AuditTrail Changed(AuditSnapshot? before, AuditSnapshot? after)
    {
        _before = before;
        _after = after;
        return this;
    }

    /// <summary>Adds something that only this kind of resource has to say.</summary>
    public AuditTrail With(string field, JsonNode? value)
    {
        _additional[field] = value;
        return this;
    }

    /// <summary>Names who acts, for commands that have no actor of their own, such as signing in.</summary>
    public AuditTrail By(Guid userId)
    {
        _actor = userId;
        return this;
    }

    /// <summary>Names where a request came from that was answered before this command runs.</summary>
    public AuditTrail From(IRequestOrigin known)
    {
        _origin = known;
        return this;
    }

    /// <summary>Records even though the license does not say so yet: this command brings the license that does.</summary>
    public void Force() => _isForced = true;

    /// <summary>Nothing was changed after all, so nothing is recorded.</summary>
    public void Skip() => _isSkipped = true;

    /// <summary>Writes the entry of a success, in the open transaction.</summary>
    public async Task WriteAsync(AuditedAction action, Guid actor, CancellationToken ct)
    {
        if (_isSkipped || (!_isForced && !IsLicensed))
        {
            return;
        }

        var entry = Entry(action, actor, action.SuccessStatus, AuditDiff.Of(_before, _after));
        await store.AddAsync(entry, ct);
        afterCommit.Do(_ =>
        {
            serviceLog.Write(entry);
            return Task.FromResult<Result<Done>>(Done.Value);
        });
    }

    /// <summary>
    /// Writes the entry of an attempt that a gate refused before anything was read: the nil id stands for the resource, and it has no name.
    /// </summary>
    /// <remarks>What another command of this scope has said stays.</remarks>
    public Task WriteRefusalAsync(AuditResourceType resource, AuditAction action, Guid actor, Error refusal, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var status = refusal.Kind.HttpStatus();
        return new AuditTrail(store, serviceLog, origin, afterCommit, entitlements, ids, time)
            .About(Guid.Empty, "")
            .WriteFailureAsync(new AuditedAction(resource, action, status), actor, status, ct);
    }

    /// <summary>Writes the entry of an attempt that failed; the transaction is gone by now.</summary>
    internal async Task WriteFailureAsync(AuditedAction action, Guid actor, int status, CancellationToken ct)
    {
        if (!HasSubject || _isSkipped || !IsLicensed)
        {
            return;
        }

        var entry = Entry(action, actor, status, []);
        await store.AddAsync(entry, ct);
        serviceLog.Write(entry);
    }

    /// <summary>A transaction may run more than once; each attempt says everything again.</summary>
    internal void Reset()
    {
        HasSubject = _isForced = _isSkipped = false;
        (_before, _after, _actor, _origin) = (null, null, null, null);
        (_resourceId, _organizationId, _target, _icon) = (Guid.Empty, Guid.Empty, "", "");
        _additional = [];
    }

    // A pair of surrogates is one character, and half of it none.
    internal static string? Cut(string? agent) => agent is not { Length: > LongestUserAgent } ? agent
        : agent[..(char.IsHighSurrogate(agent[LongestUserAgent - 1]) ? LongestUserAgent - 1 : LongestUserAgent)];

    private IRequestOrigin Origin => _origin ?? origin;

    private bool IsLicensed => entitlements.Current.IsEnabled(FeatureName.AuditLog);

    private AuditEntry Entry(AuditedAction action, Guid actor, int status, JsonObject diff) => new()
    {
        Id = ids.Sequential(),
        Time = time.GetUtcNow().ToMicroseconds(),
        UserId = _actor ?? actor,
        OrganizationId = _organizationId,
        IpAddress = Origin.IpAddress,
        UserAgent = Cut(Origin.UserAgent),
        ResourceType = action.Resource,
        ResourceId = _resourceId,
        ResourceTarget = _target,
        ResourceIcon = _icon,
        Action = action.Action,
        Diff = diff,
        StatusCode = status,
        AdditionalFields = _additional,
        RequestId = Origin.RequestId,
    };
}
