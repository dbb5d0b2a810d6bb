using Coder.Application.Common;
using Coder.Domain.Common;

namespace Coder.Application.Licensing;

/// <summary>A license that has just been stored.</summary>
internal sealed record TakenLicense(LicenseInfo Info, DateTimeOffset Exp);

/// <summary>Takes a token into the database, whoever brings it: verified, meant for this deployment, and not there yet.</summary>
internal sealed class LicenseIntake(ILicenseVerifier verifier, ILicenseStore licenses, IDeployment deployment, IIds ids, TimeProvider time)
{
    /// <returns>The stored license, or the answer of docs/spec/licensing.md, section 6.</returns>
    public async Task<Result<TakenLicense>> TakeAsync(string token, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        if (!verifier.Verify(token, now).Is(out var license, out var error))
        {
            return error;
        }

        if (!license.Claims.IsFor(deployment.Id.ToString()))
        {
            return Elsewhere(license.Claims.DeploymentIds);
        }

        var uuid = license.Uuid ?? ids.Random();
        var (id, isNew) = await licenses.AddAsync(license.Token, uuid, now, license.Exp, ct);
        return isNew
            ? new TakenLicense(new LicenseInfo(id, uuid, now, license.PayloadJson), license.Exp)
            : new Error(ErrorKind.Conflict, "Unable to add license to database", $"This license is already stored with ID {id}.");
    }

    private Error Elsewhere(IReadOnlyList<string> deployments)
    {
        var quoted = string.Join(' ', deployments.Select(d => $"\"{d}\""));
        return new Error(
            ErrorKind.Invalid,
            "License cannot be used on this deployment!",
            $"The provided license is locked to the following deployments: [{quoted}]. Your deployment identifier is \"{deployment.Id}\". Please contact sales.");
    }
}
