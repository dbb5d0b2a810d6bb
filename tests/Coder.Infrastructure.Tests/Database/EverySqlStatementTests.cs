using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Coder.Application.Common;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Database;

/// <summary>Every statement of the product is accepted by the server against the schema of this version.</summary>
public sealed partial class EverySqlStatementTests(EverySqlStatementTests.MigratedDatabase database)
    : IClassFixture<EverySqlStatementTests.MigratedDatabase>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    /// <summary>Where a statement stands, and its text.</summary>
    public static TheoryData<string, string> Statements()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, text) in Constants().Where(constant => Preparable().IsMatch(constant.Text)))
        {
            data.Add(name, text);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_statement_prepares_against_the_migrated_schema(string name, string text)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"prepare statement as {Numbered(text)}", connection);

        var preparing = () => command.ExecuteNonQueryAsync(Ct);

        await preparing.Should().NotThrowAsync(name);
    }

    /// <summary>
    /// PREPARE takes no utility statement. Those that the product has are named here, so that a new one is a decision:
    /// the one LISTEN has no parameters and is held by the test below.
    /// </summary>
    [Fact]
    public void Only_known_statements_are_not_prepared()
    {
        var utilities = Constants().Where(constant => Utility().IsMatch(constant.Text)).Select(constant => constant.Name);

        utilities.Should().Equal($"{nameof(NotificationHub)}.{nameof(NotificationHub.Listen)}");
    }

    [Fact]
    public void The_hub_listens_to_every_channel()
    {
        var channels = NotificationHub.Listen
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(statement => statement.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => words is ["listen", var channel] ? channel : "");

        channels.Should().BeEquivalentTo(NotificationChannels.All);
    }

    [Theory]
    [InlineData("select @a, '@b', @a::text, @c", "select $1, '@b', $1::text, $2")]
    [InlineData("select 'it''s @a' || @b where x @> @c", "select 'it''s @a' || $1 where x @> $2")]
    public void Parameters_are_numbered_in_the_order_in_which_they_first_stand(string text, string numbered)
    {
        Numbered(text).Should().Be(numbered);
    }

    private static IEnumerable<(string Name, string Text)> Constants() => typeof(DbSession).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(field => field.IsLiteral && field.FieldType == typeof(string))
        .Select(field => ($"{field.DeclaringType!.Name}.{field.Name}", (string)field.GetRawConstantValue()!));

    private static string Numbered(string text)
    {
        var names = new List<string>();
        return Parameter().Replace(text, match =>
        {
            if (!match.Groups["name"].Success)
            {
                return match.Value;
            }

            var name = match.Groups["name"].Value;
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(name);
            }

            var number = names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) + 1;
            return string.Create(CultureInfo.InvariantCulture, $"${number}");
        });
    }

    [GeneratedRegex(@"^\s*(?:select|insert|update|delete|with|merge|values)\s", RegexOptions.IgnoreCase)]
    private static partial Regex Preparable();

    [GeneratedRegex(
        @"^\s*(?:alter|analyze|call|copy|create|do|drop|grant|listen|lock|notify|refresh|revoke|set|truncate|unlisten|vacuum)\s",
        RegexOptions.IgnoreCase)]
    private static partial Regex Utility();

    [GeneratedRegex(@"'[^']*'|@(?<name>\w+)")]
    private static partial Regex Parameter();

    /// <summary>One database for all statements: preparing changes nothing.</summary>
    public sealed class MigratedDatabase : IAsyncLifetime
    {
        private TestDatabase? _database;

        /// <summary>Of the superuser.</summary>
        public string ConnectionString => _database!.ConnectionString;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_database is not null)
            {
                await _database.DisposeAsync();
            }
        }
    }
}
