using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using FluentValidation;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Adds a daemon, or takes up one with the same name and owner again (docs/spec/workspaces.md, section 5).</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Name">At most 64 characters.</param>
/// <param name="Provisioners">Names of what it can execute.</param>
/// <param name="Tags">As written; those of a key's daemon are the key's.</param>
/// <param name="Version">As the daemon says.</param>
public sealed record RegisterDaemon(
    DaemonCaller Caller,
    string Organization,
    string Name,
    IReadOnlyList<string> Provisioners,
    IReadOnlyDictionary<string, string> Tags,
    string Version) : ICommand<RegisteredDaemon>;

internal sealed class RegisterDaemonValidator : AbstractValidator<RegisterDaemon>
{
    private const int MaximumName = 64;
    private const int MaximumVersion = 256;

    public RegisterDaemonValidator()
    {
        this.Field(r => r.Name, "name").Required().Tagged("max", name => name.Length <= MaximumName);
        this.Field(r => r.Provisioners, "provisioners").Required()
            .Tagged("oneof", names => names.All(name => ProvisionerTypes.TryParse(name, out _)));
        this.Field(r => r.Tags, "tags")
            .Tagged(
                "max",
                tags => tags.Count <= ProvisionerKey.MaximumTags
                    && tags.All(tag => tag.Key.Length <= ProvisionerKey.MaximumTag && tag.Value?.Length <= ProvisionerKey.MaximumTag));
        this.Field(r => r.Version, "version").Tagged("max", version => version.Length <= MaximumVersion);
    }
}

internal sealed class RegisterDaemonHandler(OrganizationLookup organizations, IDaemonStore daemons, IIds ids, TimeProvider time)
    : IRequestHandler<RegisterDaemon, Result<RegisteredDaemon>>
{
    // By then the reaper has usually ended what a daemon that went away had left.
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(10);

    public async Task<Result<RegisteredDaemon>> Handle(RegisterDaemon request, CancellationToken cancellationToken)
    {
        var caller = request.Caller;
        if (!(await organizations.FindAsync(caller.Actor ?? SystemActors.ProvisionerDaemon, request.Organization, cancellationToken))
            .Is(out var organization, out var error))
        {
            return error;
        }

        if (caller.Key is { } key && key.OrganizationId != organization.Id)
        {
            return Error.NotFound;
        }

        var tags = JobTags.Of(caller.Key?.Tags ?? request.Tags, caller.Actor?.UserId ?? Guid.Empty);
        if (!MayRegister(caller, organization.Id, tags))
        {
            var scope = tags.Scope == TagScope.User ? "user" : "organization";
            return new Error(ErrorKind.Forbidden, $"You aren't allowed to create provisioner daemons with scope \"{scope}\"");
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var registered = await daemons.RegisterAsync(
            new NewDaemon
            {
                Id = ids.Random(),
                At = now,
                Name = request.Name,
                Version = request.Version,
                Provisioners = [.. request.Provisioners.Distinct(StringComparer.Ordinal).Select(Parse)],
                Tags = tags,
                OrganizationId = organization.Id,
                KeyId = caller.Key?.Id,
                RegisteredBy = caller.Actor?.UserId,
                TakesOver = caller.MayTakeOver(Reference(caller, organization.Id, tags)),
                GivenUpSince = now.Before(GivenUpAfter),
            },
            cancellationToken);
        if (registered is { } known)
        {
            return known;
        }

        return await daemons.IsBuiltInAsync(organization.Id, request.Name, cancellationToken)
            ? new Error(ErrorKind.Conflict, $"A daemon of the server is named \"{request.Name}\".")
            : new Error(
                ErrorKind.Conflict,
                $"A daemon that was registered with other credentials is named \"{request.Name}\".",
                "Take another name, delete the key of that daemon, or wait until it has been away for ten minutes.");
    }

    // Only a user has somebody to be the owner of the daemon.
    private static bool MayRegister(DaemonCaller caller, Guid organization, JobTags tags) => caller.Actor is { } actor
        ? Authorizer.Can(actor, PermissionAction.Create, Reference(caller, organization, tags))
        : tags.Scope == TagScope.Organization;

    private static ObjectRef Reference(DaemonCaller caller, Guid organization, JobTags tags) =>
        ObjectRef.ProvisionerDaemon(null, organization, tags.Scope == TagScope.User ? caller.Actor?.UserId : null);

    private static ProvisionerType Parse(string name) =>
        ProvisionerTypes.TryParse(name, out var type) ? type : throw new InvalidOperationException("The validator let an unknown name through.");
}
