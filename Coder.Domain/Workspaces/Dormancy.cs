namespace Coder.Domain.Workspaces;

/// <summary>When a workspace that nobody used became dormant and when it will be deleted.</summary>
/// <param name="DormantAt">Since when it cannot be started; <see langword="null"/>: it is in use.</param>
/// <param name="DeletingAt">When it is deleted; <see langword="null"/>: it is kept.</param>
public sealed record Dormancy(DateTimeOffset? DormantAt, DateTimeOffset? DeletingAt)
{
    /// <summary>A workspace in use.</summary>
    public static Dormancy Awake { get; } = new(null, null);

    /// <summary>The dates of a workspace that becomes dormant (docs/spec/workspaces.md, section 8.2 rule 4).</summary>
    /// <param name="dormantAt">The instant at which it does.</param>
    /// <param name="autodelete">The template's limit; zero: it is never deleted.</param>
    public static Dormancy From(DateTimeOffset dormantAt, TimeSpan autodelete) =>
        new(dormantAt, autodelete > TimeSpan.Zero ? dormantAt + autodelete : null);

    /// <summary>The same workspace after its template's limit changed.</summary>
    public Dormancy WithAutodelete(TimeSpan autodelete) => DormantAt is { } dormantAt ? From(dormantAt, autodelete) : Awake;
}
