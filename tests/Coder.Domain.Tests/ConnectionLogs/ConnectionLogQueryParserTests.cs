using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using CsCheck;

namespace Coder.Domain.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 6, 6.1, 6.3, 10 and 12.8.</summary>
public sealed class ConnectionLogQueryParserTests
{
    private const string Uuid = "0b2f1d4e-8f9b-4a53-9c3e-6a7f1d2e3c4b";

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("type:ssh", "type:\"ssh\"")]
    [InlineData("TYPE:SSH", "type:\"ssh\"")]
    [InlineData("type::ssh", "type:\"ssh\"")]
    [InlineData("type:::ssh", "type:\"ssh\"")]
    [InlineData("\"type\":\"ssh\"", "type:\"ssh\"")]
    [InlineData("type:\"\"", "")]
    [InlineData("type:\"\" type:ssh", "")]
    [InlineData("type:vscode", "type:\"vscode\"")]
    [InlineData("type:jetbrains", "type:\"jetbrains\"")]
    [InlineData("type:reconnecting_pty", "type:\"reconnecting_pty\"")]
    [InlineData("type:workspace_app", "type:\"workspace_app\"")]
    [InlineData("type:port_forwarding", "type:\"port_forwarding\"")]
    [InlineData("  type:ssh   status:ongoing ", "type:\"ssh\" status:\"ongoing\"")]
    [InlineData("status:connected type:ssh", "type:\"ssh\" status:\"ongoing\"")]
    [InlineData("status:ongoing", "status:\"ongoing\"")]
    [InlineData("status:completed", "status:\"completed\"")]
    [InlineData("status:disconnected", "status:\"completed\"")]
    [InlineData("username:Me", "username:\"me\"")]
    [InlineData("username:\"a b\"", "username:\"a b\"")]
    [InlineData("username:\"a:b\"", "username:\"a:b\"")]
    [InlineData("username:\"never closed", "username:\"never closed\"")]
    [InlineData("username:a%_';--", "username:\"a%_';--\"")]
    [InlineData("user_email:Ada@Example.COM", "user_email:\"ada@example.com\"")]
    [InlineData("workspace_owner:bob workspace_owner_email:bob@x.y", "workspace_owner:\"bob\" workspace_owner_email:\"bob@x.y\"")]
    [InlineData("organization:Acme", "organization:\"acme\"")]
    [InlineData("organization:" + Uuid, "organization:\"" + Uuid + "\"")]
    [InlineData("organization:00000000-0000-0000-0000-000000000000", "")]
    [InlineData("workspace_id:" + Uuid, "workspace_id:\"" + Uuid + "\"")]
    [InlineData("workspace_id:0B2F1D4E8F9B4A539C3E6A7F1D2E3C4B", "workspace_id:\"" + Uuid + "\"")]
    [InlineData("workspace_id:{" + Uuid + "}", "workspace_id:\"" + Uuid + "\"")]
    [InlineData("workspace_id:\"urn:uuid:" + Uuid + "\"", "workspace_id:\"" + Uuid + "\"")]
    [InlineData("connection_id:" + Uuid, "connection_id:\"" + Uuid + "\"")]
    [InlineData("connection_id:00000000-0000-0000-0000-000000000000", "")]
    [InlineData("connected_after:\"2023-01-01T00:00:00Z\"", "connected_after:\"2023-01-01T00:00:00.0000000Z\"")]
    [InlineData("connected_after:2023-01-01T00:00:00Z", "connected_after:\"2023-01-01T00:00:00.0000000Z\"")]
    [InlineData("connected_before:2023-01-01T02:00:00.5+02:00", "connected_before:\"2023-01-01T00:00:00.5000000Z\"")]
    [InlineData("connected_before:\"0001-01-01T00:00:00Z\"", "")]
    public void A_search_is_read_as_a_filter(string text, string canonical)
    {
        var filter = ConnectionLogQueryParser.Parse(text).Match(f => f, e => throw new InvalidOperationException(e.Validations![0].Detail));

        ConnectionLogQueryParser.Print(filter).Should().Be(canonical);
    }

    [Theory]
    [InlineData("ssh", "search", "\"search\" is not a valid query param")]
    [InlineData("search:x", "search", "\"search\" is not a valid query param")]
    [InlineData("workspace_owner_id:x", "workspace_owner_id", "\"workspace_owner_id\" is not a valid query param")]
    [InlineData("user_id:x", "user_id", "\"user_id\" is not a valid query param")]
    [InlineData("email:x", "email", "\"email\" is not a valid query param")]
    [InlineData(":ssh", "q", "Query element \":ssh\" cannot start or end with ':'")]
    [InlineData("type:", "q", "Query element \"type:\" cannot start or end with ':'")]
    [InlineData("type:a:b", "q", "Query element \"type:a:b\" can only contain 1 ':'")]
    [InlineData("type:\"a\":\\", "q", "Query element \"type:\\\"a\\\":\\\\\" can only contain 1 ':'")]
    [InlineData("type:telnet", "type", "Query param \"type\" has invalid value: \"telnet\" is not a valid value")]
    [InlineData("status:open", "status", "Query param \"status\" has invalid value: \"open\" is not a valid value")]
    [InlineData("workspace_id:1", "workspace_id", "Query param \"workspace_id\" must be a valid uuid")]
    [InlineData("connection_id:x", "connection_id", "Query param \"connection_id\" must be a valid uuid")]
    [InlineData(
        "type:ssh type:vscode",
        "type",
        "Query param \"type\" provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    public void What_can_not_be_read_is_named(string text, string field, string detail) =>
        Errors(text).Should().Equal(new FieldError(field, detail));

    [Theory]
    [InlineData("0b3a4f0e-0000-4000-8000-000000000001")]
    [InlineData("0B3A4F0E000040008000000000000001")]
    [InlineData("{0b3a4f0e-0000-4000-8000-000000000001}")]
    [InlineData("\"urn:uuid:0b3a4f0e-0000-4000-8000-000000000001\"")]
    [InlineData("\"URN:UUID:0b3a4f0e-0000-4000-8000-000000000001\"")]
    public void An_id_is_read_in_every_form(string text)
    {
        var id = Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001");

        ConnectionLogQueryParser.Parse($"organization:{text} workspace_id:{text} connection_id:{text}").Should().Be(
            (Result<ConnectionLogFilter>)new ConnectionLogFilter
            {
                Organization = new OrganizationRef(id, ""),
                WorkspaceId = id,
                ConnectionId = id,
            });
    }

    [Theory]
    [InlineData("(0b3a4f0e-0000-4000-8000-000000000001)")]
    [InlineData("\"urn:uuid:0b3a4f0e000040008000000000000001\"")]
    [InlineData("0b3a4f0e-0000-4000-8000-00000000000")]
    public void What_is_no_id_is_the_name_of_an_organization(string text) =>
        ConnectionLogQueryParser.Parse($"organization:{text}").Match(filter => filter.Organization?.Name, _ => null)
            .Should().Be(text.Trim('"'));

    [Theory]
    [InlineData("connected_after:yesterday")]
    [InlineData("connected_after:2023-01-01")]
    [InlineData("connected_before:2023-13-01T00:00:00Z")]
    public void A_time_that_is_none_is_named_with_the_form_of_times(string text)
    {
        var key = text[..text.IndexOf(':')];

        Errors(text).Should().ContainSingle().Which.Should().Match<FieldError>(e => e.Field == key && e.Detail.StartsWith(
            $"Query param \"{key}\" must be a valid date format (2006-01-02T15:04:05.999999999Z07:00): "));
    }

    [Fact]
    public void All_errors_are_told_in_the_order_of_the_keys_and_then_the_unknown_ones() =>
        Errors("zzz:1 status:x connection_id:y type:z word").Select(e => e.Field).Should().Equal("type", "connection_id", "status", "zzz", "search");

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void A_search_is_at_most_eight_kibibytes_long(int bytes, bool isRead)
    {
        var text = "username:" + new string('a', bytes - 9);

        Errors(text).Any(e => e.Field == "q").Should().Be(!isRead);
    }

    [Fact]
    public void Nul_is_refused() => Errors("username:a\0b").Should().ContainSingle().Which.Field.Should().Be("q");

    [Fact]
    public void No_text_is_too_bad_to_be_answered() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["typestau:\"\\ -0\ud800"], 0, 40]).Sample(text =>
        {
            var error = ConnectionLogQueryParser.Parse(text).Error;
            return error is null || (error.Message == "Invalid connection search query." && error.Validations!.Count > 0);
        });

    [Fact]
    public void What_is_printed_is_read_as_the_same_filter() => AnyFilter.Sample(filter =>
        ConnectionLogQueryParser.Parse(ConnectionLogQueryParser.Print(filter)).Match(read => read == filter, _ => false));

    [Fact]
    public void A_cursor_is_read_as_what_it_was_and_nothing_else_is_one()
    {
        Gen.Select(Gen.Guid, Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]).Sample((id, ticks) =>
        {
            var cursor = new ConnectionLogCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id);
            return ConnectionLogCursor.TryParse(cursor.ToString(), out var read) && read == cursor;
        });
        Gen.String.Sample(text => !ConnectionLogCursor.TryParse(text, out _) || text.Length == 32);
        ConnectionLogCursor.TryParse(new string('_', 32), out _).Should().BeFalse();
    }

    private static Gen<ConnectionLogFilter> AnyFilter { get; } =
        from texts in Gen.String[Gen.Char["abcäß0 :%_-@.;'"], 1, 12].Array[4]
        from which in Gen.Int[0, 2047]
        from id in Gen.Guid.Where(g => g != Guid.Empty)
        from ticks in Gen.Long[TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks]
        from type in Gen.Enum<ConnectionType>()
        from status in Gen.Enum<SessionStatus>()
        let time = new DateTimeOffset(ticks, TimeSpan.Zero)
        select new ConnectionLogFilter
        {
            Organization = (which & 1) != 0 ? new OrganizationRef(id, "") : null,
            WorkspaceOwner = (which & 2) != 0 ? texts[0] : null,
            WorkspaceOwnerEmail = (which & 4) != 0 ? texts[1] : null,
            Type = (which & 8) != 0 ? type : null,
            Username = (which & 16) != 0 ? texts[2] : null,
            UserEmail = (which & 32) != 0 ? texts[3] : null,
            ConnectedAfter = (which & 64) != 0 ? time : null,
            ConnectedBefore = (which & 128) != 0 ? time : null,
            WorkspaceId = (which & 256) != 0 ? id : null,
            ConnectionId = (which & 512) != 0 ? id : null,
            Status = (which & 1024) != 0 ? status : null,
        };

    private static IReadOnlyList<FieldError> Errors(string text) => ConnectionLogQueryParser.Parse(text).Error?.Validations ?? [];
}
