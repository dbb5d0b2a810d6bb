using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Coder.Architecture.Tests;

public sealed partial class SqlTextTests
{
    /// <summary>A text that stands where it is used can not be found by the test that prepares every statement.</summary>
    [Fact]
    public void Every_statement_is_a_constant_with_a_name()
    {
        var constants = Product.Infrastructure.GetTypes()
            .SelectMany(type => type.GetFields(Product.Declared))
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToHashSet(StringComparer.Ordinal);
        using var module = ModuleDefinition.ReadModule(Product.Infrastructure.Location);
        var texts = module.GetTypes()
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.OpCode == OpCodes.Ldstr)
            .Select(instruction => (string)instruction.Operand)
            .Where(text => Statement().IsMatch(text))
            .ToList();

        texts.Should().NotBeEmpty();
        texts.Where(text => !constants.Contains(text)).Should().BeEmpty();
    }

    [GeneratedRegex(
        @"^(?:select|insert\s+into|update|delete\s+from|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as|merge\s+into|values)\s")]
    private static partial Regex Statement();
}
