using Coder.Application.Files;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Files;

internal sealed class FileStore(DbSession db) : IFileStore
{
    private const string FindSame = "select id from files where hash = @hash and created_by = @user";

    public Task<Guid?> FindSameAsync(string hash, Guid user, CancellationToken ct) => db.ScalarAsync<Guid?>(FindSame, new { hash, user }, ct);

    private const string Add = """
        insert into files (id, hash, created_at, created_by, mimetype, data)
        values (@id, @hash, @createdAt, @createdBy, @mimeType, @content)
        on conflict (hash, created_by) do nothing
        """;

    public async Task<Guid> AddAsync(NewFile file, Stream content, CancellationToken ct)
    {
        var values = new { file.Id, file.Hash, file.CreatedAt, file.CreatedBy, file.MimeType, content = new BinaryStream(content) };
        if (await db.ExecuteAsync(Add, values, ct) > 0)
        {
            return file.Id;
        }

        // Files are never deleted, so the one that was quicker is there.
        return await FindSameAsync(file.Hash, file.CreatedBy, ct) ?? throw new InvalidOperationException("A file is gone.");
    }

    // Most templates are small. Their content comes along, so that whoever opens them needs no second statement.
    private const int Small = 64 * 1024;

    private const string Find = """
        select id, created_by, mimetype as mime_type, octet_length(data)::bigint as size,
               case when octet_length(data) <= @small then data end as content
        from files
        where id = @id
        """;

    private Row? _small;

    public async Task<StoredFile?> FindAsync(Guid id, CancellationToken ct)
    {
        if (await db.QueryOneAsync<Row>(Find, new { id, small = Small }, ct) is not { } row)
        {
            return null;
        }

        _small = row.Content is null ? null : row;
        return new StoredFile(row.Id, row.CreatedBy, row.MimeType, row.Size);
    }

    private static readonly ScopeColumns Templates = new(
        id: "t.id", organization: "t.organization_id", userAcl: "t.user_acl", groupAcl: "t.group_acl");

    private const string Uses = """
        select 1
        from provisioner_jobs j
        join template_versions v on v.job_id = j.id
        join templates t on t.id = v.template_id
        """;

    public async Task<bool> IsUsedAsync(Guid id, ReadScope templates, CancellationToken ct)
    {
        var filter = new SqlFilter().And("j.file_id = @id", id, "id").And("not t.deleted").AndScope(templates, Templates);
        return await db.ScalarAsync<int>(filter.Between(Uses, "limit 1"), ct) == 1;
    }

    public Stream Open(StoredFile file) =>
        _small is { Content: { } content } && _small.Id == file.Id
            ? new MemoryStream(content, writable: false)
            : new FileContentStream(db, file.Id, file.Size);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid CreatedBy { get; init; }

        public string MimeType { get; init; } = "";

        public long Size { get; init; }

        public byte[]? Content { get; init; }
    }
}
