using System.Text.Json.Nodes;
using Coder.Api.Tests.Swagger;

namespace Coder.Api.Tests.Contract;

/// <summary>Compares one served operation with the contract, and says each difference in one line that begins with its place.</summary>
internal sealed class ContractComparison(ServedDocument document, Operation operation)
{
    private static readonly string[] Formats = ["uuid", "date-time", "email", "uri"];

    private readonly List<string> _differences = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Run()
    {
        var contract = ApiContract.Endpoints[operation.Name];
        CompareAccess(contract);
        CompareParameters(contract);
        CompareBody(contract["request"], Operation.SchemaOf(operation.Node["requestBody"]), "request", isRequest: true);
        CompareResponses(contract["responses"]!.AsObject());
        return _differences;
    }

    private void CompareAccess(JsonObject contract)
    {
        var isOpen = contract["auth"]!.GetValue<string>() == "none";
        var mayBeAnonymous = operation.Node["security"] is not JsonArray { Count: > 0 } security
            || security.Any(s => s!.AsObject().Count == 0);
        if (isOpen != mayBeAnonymous)
        {
            Add("auth", isOpen ? "should be open" : "should need a credential");
        }
    }

    private void CompareParameters(JsonObject contract)
    {
        var expected = (contract["parameters"]?.AsArray() ?? []).ToDictionary(KeyOf, p => p!, StringComparer.Ordinal);
        var actual = operation.Parameters.ToDictionary(KeyOf, p => (JsonNode)p, StringComparer.Ordinal);
        CompareNames(expected.Keys, actual.Keys, "parameter");
        foreach (var (key, parameter) in actual.Where(p => expected.ContainsKey(p.Key)))
        {
            var isRequired = expected[key]["required"]?.GetValue<bool>() == true;
            if (isRequired != (parameter["required"]?.GetValue<bool>() == true))
            {
                Add($"parameter.{key}", isRequired ? "should be required" : "should be optional");
            }

            Compare(expected[key], parameter["schema"], $"parameter.{key}", isRequest: true);
        }
    }

    private void CompareResponses(JsonObject expected)
    {
        var actual = operation.Responses.Where(r => r.Key[0] == '2').ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);
        CompareNames(expected.Select(r => r.Key).Where(status => status[0] == '2'), actual.Keys, "status");
        foreach (var (status, response) in actual.Where(r => expected.ContainsKey(r.Key)))
        {
            CompareBody(expected[status], Operation.SchemaOf(response), status, isRequest: false);
        }
    }

    private void CompareBody(JsonNode? expected, JsonNode? actual, string place, bool isRequest)
    {
        if (expected is null || actual is null)
        {
            if ((expected is null) != (actual is null))
            {
                Add(place, expected is null ? "should have no body" : "should have a body");
            }

            return;
        }

        Compare(expected, actual, place, isRequest);
    }

    private void Compare(JsonNode reference, JsonNode? schema, string place, bool isRequest)
    {
        var name = reference["schema"]?.GetValue<string>();
        if (name is not null && !_open.Add(name))
        {
            return;
        }

        var expected = ApiContract.Resolve(reference);
        var type = expected["type"]!.GetValue<string>();
        if (type != "any")
        {
            Compare(expected, type, document.Resolve(schema), place, isRequest);
        }

        if (name is not null)
        {
            _open.Remove(name);
        }
    }

    private void Compare(JsonObject expected, string type, JsonObject actual, string place, bool isRequest)
    {
        if (actual["type"]?.GetValue<string>() != type)
        {
            Add(place, $"should be {type} and is {actual["type"]}");
            return;
        }

        if (expected["format"]?.GetValue<string>() is { } format
            && Formats.Contains(format)
            && actual["format"]?.GetValue<string>() != format)
        {
            Add(place, $"should be a {format}");
        }

        if (expected["enum"] is JsonArray values)
        {
            CompareValues(Texts(values), Texts(actual["enum"]), place, isRequest);
        }

        if (expected["items"] is { } items)
        {
            Compare(items, actual["items"], $"{place}[]", isRequest);
        }

        if (expected["values"] is { } value)
        {
            Compare(value, actual["additionalProperties"], $"{place}.*", isRequest);
        }

        if (expected["properties"] is JsonObject properties)
        {
            CompareProperties(properties, Texts(expected["required"]), actual, place, isRequest);
        }
    }

    // We may answer fewer values than clients are ready for, and must take all that they may send.
    private void CompareValues(HashSet<string> expected, HashSet<string> actual, string place, bool isRequest)
    {
        if (actual.Count == 0 || !(isRequest ? expected.IsSubsetOf(actual) : actual.IsSubsetOf(expected)))
        {
            Add(place, $"should be one of [{string.Join(", ", expected)}] and is one of [{string.Join(", ", actual)}]");
        }
    }

    private void CompareProperties(JsonObject expected, HashSet<string> required, JsonObject actual, string place, bool isRequest)
    {
        var properties = actual["properties"]?.AsObject() ?? [];
        var isRequired = Texts(actual["required"]);
        CompareNames(expected.Select(p => p.Key), properties.Select(p => p.Key), place);
        foreach (var (name, property) in properties.Where(p => expected.ContainsKey(p.Key)))
        {
            Compare(expected[name]!, property, $"{place}.{name}", isRequest);
            if (required.Contains(name) && !isRequired.Contains(name))
            {
                Add($"{place}.{name}", "should be required");
            }

            if (isRequest && !required.Contains(name) && isRequired.Contains(name))
            {
                Add($"{place}.{name}", "should be optional");
            }
        }
    }

    private void CompareNames(IEnumerable<string> expected, IEnumerable<string> actual, string place)
    {
        var ours = actual.ToHashSet(StringComparer.Ordinal);
        foreach (var name in expected.Where(name => !ours.Remove(name)))
        {
            Add($"{place}.{name}", "is missing");
        }

        foreach (var name in ours)
        {
            Add($"{place}.{name}", "is not in the contract");
        }
    }

    private void Add(string place, string difference) => _differences.Add($"{operation.Name} {place}: {difference}");

    private static string KeyOf(JsonNode? parameter) => $"{parameter!["in"]}.{parameter["name"]}";

    private static HashSet<string> Texts(JsonNode? array) =>
        (array?.AsArray() ?? []).Select(v => v!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
}
