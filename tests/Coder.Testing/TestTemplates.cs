using System.Security.Cryptography;

namespace Coder.Testing;

/// <summary>Puts files and the templates that were made from them straight into the database.</summary>
public static class TestTemplates
{
    private const string InsertFile = """
        insert into files (id, hash, created_at, created_by, mimetype, data) values ($1, $2, now(), $3, 'application/x-tar', $4)
        """;

    private const string InsertTemplate = """
        with job as (
            insert into provisioner_jobs
                (id, created_at, updated_at, organization_id, initiator_id, provisioner, storage_method, type, input, file_id)
            values ($1, now(), now(), $2, $3, 'echo', 'file', 'template_version_import', '{}', $4)
            returning id
        ), template as (
            insert into templates (id, created_at, updated_at, organization_id, name, provisioner, active_version_id, created_by, user_acl, group_acl)
            values ($5, now(), now(), $2, $6, 'echo', $1, $3, $7::jsonb, $8::jsonb)
            returning id
        )
        insert into template_versions (id, template_id, organization_id, created_at, updated_at, name, job_id, created_by)
        select $1, template.id, $2, now(), now(), 'first', job.id, $3 from job, template
        """;

    /// <summary>Adds a file.</summary>
    public static async Task<Guid> AddFileAsync(this TestDatabase database, Guid user, byte[] data, CancellationToken ct)
    {
        var id = new Guid(RandomNumberGenerator.GetBytes(16));
        await database.ExecuteAsync(InsertFile, ct, id, Convert.ToHexStringLower(SHA256.HashData(data)), user, data);
        return id;
    }

    /// <summary>Adds a template with one version that was made from a file.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="organization">Where the template belongs.</param>
    /// <param name="user">Who made it.</param>
    /// <param name="file">What it was made from.</param>
    /// <param name="userAcl">With whom it is shared, as it is stored.</param>
    /// <param name="groupAcl">With which groups it is shared, as it is stored.</param>
    /// <param name="ct">Stops the statement.</param>
    public static async Task<Guid> AddTemplateAsync(
        this TestDatabase database, Guid organization, Guid user, Guid file, string userAcl, string groupAcl, CancellationToken ct)
    {
        var template = new Guid(RandomNumberGenerator.GetBytes(16));
        var version = new Guid(RandomNumberGenerator.GetBytes(16));
        await database.ExecuteAsync(
            InsertTemplate, ct, version, organization, user, file, template, $"template-{template:N}"[..32], userAcl, groupAcl);
        return template;
    }
}
