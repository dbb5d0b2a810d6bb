using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coder.Api.Tests.Contract;
using Coder.Domain.AuditLogs;
using Coder.Domain.ConnectionLogs;
using Microsoft.OpenApi;

namespace Coder.Api.Tests.Swagger;

public sealed partial class OpenApiDocumentTests(ServedDocument document) : IClassFixture<ServedDocument>
{
    private const string ErrorSchema = "#/components/schemas/ResponseBody";

    [Fact]
    public void The_document_is_valid_OpenAPI_3()
    {
        var result = OpenApiDocument.Parse(document.Text, OpenApiConstants.Json);

        result.Diagnostic!.Errors.Should().BeEmpty();
        result.Diagnostic.Warnings.Should().BeEmpty();
        document.Root["openapi"]!.GetValue<string>().Should().StartWith("3.");
    }

    [Fact]
    public void Every_operation_has_a_summary_a_tag_and_an_id_of_its_own()
    {
        var operations = document.Operations.ToList();

        operations.Should().NotBeEmpty();
        operations.Where(o => IsEmpty(o.Node["summary"])).Should().BeEmpty();
        operations.Where(o => o.Node["tags"] is not JsonArray { Count: > 0 }).Should().BeEmpty();
        operations.Select(o => TextOf(o.Node["operationId"])).Should().OnlyHaveUniqueItems().And.NotContainNulls();
    }

    [Fact]
    public void Every_answer_has_a_description_and_a_schema_or_says_that_it_is_empty()
    {
        var offenders =
            from operation in document.Operations
            from response in operation.Responses
            let description = response.Value!["description"]?.GetValue<string>() ?? ""
            where description.Length == 0
                || (Operation.SchemaOf(response.Value) is null && !description.Contains("empty", StringComparison.Ordinal))
            select $"{operation.Name} {response.Key}";

        string.Join('\n', offenders).Should().BeEmpty();
    }

    [Fact]
    public void Every_error_has_the_common_body()
    {
        var offenders =
            from operation in document.Operations
            where operation.IsApi
            from response in operation.Responses
            where response.Key[0] is not ('2' or '3')
                && Operation.SchemaOf(response.Value)?["$ref"]?.GetValue<string>() != ErrorSchema
            select $"{operation.Name} {response.Key}";

        string.Join('\n', offenders).Should().BeEmpty();
    }

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    public void Every_operation_of_the_API_can_fail_in_the_common_ways(string status)
    {
        var offenders = document.Operations.Where(o => o.IsApi && o.Node["responses"]![status] is null).Select(o => o.Name);

        string.Join('\n', offenders).Should().BeEmpty();
    }

    [Fact]
    public void Protected_operations_name_their_credentials_and_can_answer_401()
    {
        var operations = document.Operations.Where(o => IsProtected(o.Node)).ToList();

        operations.Should().NotBeEmpty();
        operations.Where(o => o.Node["responses"]!["401"] is null).Select(o => o.Name).Should().BeEmpty();
        var schemes = document.Root["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key);
        var named = operations.SelectMany(o => o.Node["security"]!.AsArray()).SelectMany(r => r!.AsObject()).Select(r => r.Key);
        named.Should().BeSubsetOf(schemes);
    }

    [Theory]
    [InlineData("GET /api/v2/users/{user}", true)]
    [InlineData("POST /api/v2/licenses", true)]
    [InlineData("GET /api/v2/buildinfo", false)]
    [InlineData("POST /api/v2/users/login", false)]
    [InlineData("GET /healthz", false)]
    public void Only_protected_operations_require_a_credential(string name, bool isProtected)
    {
        var operation = document.Operations.Single(o => o.Name == name);

        IsProtected(operation.Node).Should().Be(isProtected);
    }

    [Fact]
    public void A_credential_may_be_left_out_where_it_is_optional()
    {
        var operation = document.Operations.Single(o => o.Name == "GET /api/v2/entitlements");

        var security = operation.Node["security"]!.AsArray();

        security.Should().Contain(requirement => requirement!.AsObject().Count == 0).And.HaveCountGreaterThan(1);
    }

    [Theory]
    [InlineData("POST /api/v2/workspaceagents/me/connections", "AgentToken")]
    [InlineData("POST /api/v2/workspaceproxies/me/connections", "ProxyToken")]
    [InlineData("GET /api/v2/provisionerkeys/{provisionerkey}", "ProvisionerKey ProvisionerSecret SessionToken Bearer")]
    [InlineData("GET /api/v2/connectionlog", "SessionToken Bearer")]
    public void Operations_of_programs_name_the_credentials_that_they_take(string name, string schemes)
    {
        var operation = document.Operations.Single(o => o.Name == name);

        operation.Node["security"]!.AsArray().Select(requirement => requirement!.AsObject().Single().Key)
            .Should().Equal(schemes.Split(' '));
    }

    [Theory]
    [InlineData(
        "GET /api/v2/connectionlog",
        "organization workspace_owner workspace_owner_email type username user_email connected_after connected_before workspace_id connection_id "
        + "status")]
    [InlineData(
        "GET /api/v2/audit",
        "request_id resource_id resource_target username email date_from date_to organization resource_type action build_reason")]
    public void Every_key_of_a_search_has_an_example(string name, string keys)
    {
        var operation = document.Operations.Single(o => o.Name == name);
        string?[] texts = [TextOf(operation.Node["description"]), TextOf(operation.Parameters.Single(p => TextOf(p["name"]) == "q")["description"])];

        foreach (var text in texts)
        {
            var examples = Example().Matches(text!).Select(m => m.Groups["text"].Value).Where(t => !t.Contains(' ')).ToArray();

            examples.Select(e => e[..e.IndexOf(':')]).Should().Contain(keys.Split(' '));
            foreach (var example in examples)
            {
                var error = name.EndsWith("audit", StringComparison.Ordinal)
                    ? AuditLogQueryParser.Parse(example).Error
                    : ConnectionLogQueryParser.Parse(example).Error;
                error.Should().BeNull(example);
            }
        }
    }

    [Fact]
    public void Every_request_body_is_required_and_JSON_or_an_archive()
    {
        var bodies = document.Operations.Where(o => o.Node["requestBody"] is not null).ToList();

        bodies.Should().NotBeEmpty();
        bodies.Where(o => o.Node["requestBody"]!["required"]?.GetValue<bool>() != true).Select(o => o.Name).Should().BeEmpty();
        var types = bodies.Select(o => (o.Name, string.Join(' ', o.Node["requestBody"]!["content"]!.AsObject().Select(c => c.Key))));
        types.Should().OnlyContain(body => body.Item2 == "application/json"
            || (body.Name == "POST /api/v2/files" && body.Item2 == "application/x-tar application/zip application/x-zip-compressed"));
    }

    [Fact]
    public void Every_parameter_and_every_property_is_described()
    {
        var parameters =
            from operation in document.Operations
            from parameter in operation.Parameters
            where IsEmpty(parameter["description"])
            select $"{operation.Name} {parameter["name"]}";
        var properties = Properties().Where(p => IsEmpty(p.Schema["description"])).Select(p => p.Name);

        string.Join('\n', parameters).Should().BeEmpty();
        string.Join('\n', properties).Should().BeEmpty();
    }

    [Fact]
    public void Every_named_schema_is_described()
    {
        var offenders = document.Schemas.Where(s => IsEmpty(s.Value!["description"])).Select(s => s.Key);

        string.Join('\n', offenders).Should().BeEmpty();
    }

    [Fact]
    public void All_names_are_in_snake_case()
    {
        var parameters = document.Operations.SelectMany(o => o.Parameters).Select(p => p["name"]!.GetValue<string>());
        var properties = Properties().Select(p => p.Name.Split('.')[1]);
        var segments = document.Operations.SelectMany(o => Placeholder().Matches(o.Path)).Select(m => m.Groups["name"].Value);

        // Dashboards read latencies and presets by these names, and browsers give their reports this one (CSP 2, section 4.4). Other names of the contract
        // are not in snake case either, and clients show them.
        var given = ApiContract.Endpoints.Keys.SelectMany(name => Placeholder().Matches(name)).Select(m => m.Groups["name"].Value);
        string[] presets = ["ID", "Name", "Parameters", "Default", "DesiredPrebuildInstances", "Description", "Icon", "Value"];
        string[] exceptions = ["P50", "P95", "csp-report", "signInText", "iconUrl", .. presets, .. given];
        parameters.Concat(properties).Concat(segments).Except(exceptions, StringComparer.Ordinal)
            .Should().OnlyContain(name => SnakeCase().IsMatch(name));
    }

    [Fact]
    public void No_name_of_the_code_shows()
    {
        var names = document.Schemas.Select(s => s.Key).Concat(document.Operations.Select(o => o.Node["operationId"]!.GetValue<string>()));

        names.Should().NotContain(
            name => name.EndsWith("Json", StringComparison.Ordinal)
                || name.Contains('`')
                || name.Contains("Controller", StringComparison.Ordinal));
        TypeNames().Matches(document.Text).Select(m => m.Value).Should().BeEmpty();
    }

    [Theory]
    [InlineData("User.id", "uuid")]
    [InlineData("User.avatar_url", "uri")]
    [InlineData("User.email", "email")]
    [InlineData("User.created_at", "date-time")]
    [InlineData("User.last_seen_at", "date-time")]
    [InlineData("LoginRequest.email", "email")]
    [InlineData("License.uuid", "uuid")]
    [InlineData("License.uploaded_at", "date-time")]
    [InlineData("UsagePeriod.end", "date-time")]
    [InlineData("BuildInfo.deployment_id", "uuid")]
    public void A_text_with_a_form_names_it(string property, string format)
    {
        var schema = Properties().Single(p => p.Name == property).Schema;

        TextOf(schema["format"]).Should().Be(format);
    }

    [Fact]
    public void Every_time_says_that_it_is_one()
    {
        var offenders = Properties().Where(
            p => p.Name.EndsWith("_at", StringComparison.Ordinal)
                && TextOf(p.Schema["type"]) != "boolean"
                && TextOf(p.Schema["format"]) != "date-time");

        string.Join('\n', offenders.Select(p => p.Name)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Feature.entitlement", "entitled,grace_period,not_entitled")]
    [InlineData("User.status", "active,dormant,suspended")]
    [InlineData("User.login_type", "password,github,oidc,token,none,oauth2_provider_app")]
    public void A_text_of_a_few_values_lists_them(string property, string values)
    {
        var schema = Properties().Single(p => p.Name == property).Schema;

        TextsOf(schema["enum"]).Should().BeEquivalentTo(values.Split(','));
    }

    [Theory]
    [InlineData("CreateFirstUserRequest", "email,password,username")]
    [InlineData("LoginRequest", "email,password")]
    [InlineData("AddLicenseRequest", "license")]
    [InlineData("ResponseBody", "message")]
    public void What_must_be_there_is_required(string schema, string properties)
    {
        var node = document.Schemas.Single(s => s.Key == schema).Value!;

        TextsOf(node["required"]).Should().BeEquivalentTo(properties.Split(','));
    }

    private static string? TextOf(JsonNode? value) => value?.GetValue<string>();

    private static IEnumerable<string?> TextsOf(JsonNode? array) => array?.AsArray().Select(TextOf) ?? [];

    private static bool IsEmpty(JsonNode? text) => string.IsNullOrWhiteSpace(TextOf(text));

    private static bool IsProtected(JsonObject operation) =>
        operation["security"] is JsonArray { Count: > 0 } security && security.All(requirement => requirement!.AsObject().Count > 0);

    private IEnumerable<(string Name, JsonObject Schema)> Properties() =>
        from schema in document.Schemas
        where schema.Value!["properties"] is not null
        from property in schema.Value!["properties"]!.AsObject()
        select ($"{schema.Key}.{property.Key}", property.Value!.AsObject());

    [GeneratedRegex("^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    [GeneratedRegex("`(?<text>[a-z_]+:[^`]+)`")]
    private static partial Regex Example();

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(?:Coder\.(?:Api|Application|Domain|Infrastructure)\.\w+|System\.\w+|Microsoft\.\w+|\w+Json|DateTimeOffset|Guid)\b")]
    private static partial Regex TypeNames();
}
