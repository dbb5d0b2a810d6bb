using Coder.Application.Licensing;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Licensing;

internal sealed class LicenseStore(DbSession db) : ILicenseStore
{
    private const string List = "select id, uuid, uploaded_at, jwt as token from licenses order by id";

    public async Task<IReadOnlyList<LicenseRecord>> ListAsync(CancellationToken ct)
    {
        var rows = await db.QueryAsync<Row>(List, null, ct);
        return [.. rows.Select(r => new LicenseRecord(r.Id, r.Uuid, r.UploadedAt, r.Token))];
    }

    private const string Add = """
        insert into licenses (uploaded_at, jwt, jwt_sha256, exp, uuid)
        values (@uploadedAt, @token, sha256(convert_to(@token, 'UTF8')), @exp, @uuid)
        on conflict (jwt_sha256) do nothing
        returning id
        """;

    private const string FindByToken = "select id from licenses where jwt_sha256 = sha256(convert_to(@token, 'UTF8'))";

    public async Task<(int Id, bool IsNew)> AddAsync(
        string token, Guid uuid, DateTimeOffset uploadedAt, DateTimeOffset exp, CancellationToken ct)
    {
        var added = await db.ScalarAsync<int?>(Add, new { token, uuid, uploadedAt, exp }, ct);
        return added is { } id ? (id, true) : (await db.ScalarAsync<int>(FindByToken, new { token }, ct), false);
    }

    private const string Delete = "delete from licenses where id = @id returning uuid, uploaded_at, exp";

    public async Task<DeletedLicense?> DeleteAsync(int id, CancellationToken ct) =>
        await db.QueryOneAsync<Row>(Delete, new { id }, ct) is { } row ? new DeletedLicense(row.Uuid, row.UploadedAt, row.Exp) : null;

    private sealed record Row
    {
        public int Id { get; init; }

        public Guid Uuid { get; init; }

        public DateTimeOffset UploadedAt { get; init; }

        public string Token { get; init; } = "";

        public DateTimeOffset Exp { get; init; }
    }
}
