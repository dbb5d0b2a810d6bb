using Mono.Cecil;
using Mono.Cecil.Cil;
using NetArchTest.Rules;

namespace Coder.Architecture.Tests;

/// <summary>
/// A type must not use these namespaces or types anywhere: in its form, in its instructions, and in everything that is nested in it.
/// </summary>
/// <remarks>
/// The package's own search looks one level deep, and so misses what stands in an asynchronous lambda: a state machine in a closure
/// in the type.
/// </remarks>
internal sealed class UsesNothingOf(params IReadOnlyCollection<string> forbidden) : ICustomRule
{
    private readonly HashSet<string> _forbidden = forbidden.ToHashSet(StringComparer.Ordinal);

    public bool MeetsRule(TypeDefinition type) => !UsedBy(type).SelectMany(Parts).Any(IsForbidden);

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.GenericParameters.SelectMany(Constraints),
        .. AttributesOf(type),
        .. type.Fields.SelectMany(f => AttributesOf(f).Append(f.FieldType)),
        .. type.Properties.SelectMany(AttributesOf),
        .. type.Methods.SelectMany(UsedBy),
        .. type.NestedTypes.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method)
    {
        IEnumerable<TypeReference?> form =
        [
            .. UsedBy((MethodReference)method),
            .. method.GenericParameters.SelectMany(Constraints),
            .. AttributesOf(method),
            .. method.Parameters.SelectMany(AttributesOf),
        ];
        return method.HasBody
            ?
            [
                .. form,
                .. method.Body.Variables.Select(v => v.VariableType),
                .. method.Body.ExceptionHandlers.Select(h => h.CatchType),
                .. method.Body.Instructions.SelectMany(UsedBy),
            ]
            : form;
    }

    private static IEnumerable<TypeReference?> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => UsedBy(method),
        _ => [],
    };

    private static IEnumerable<TypeReference?> UsedBy(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(p => p.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) => parameter.Constraints.Select(c => c.ConstraintType);

    private static IEnumerable<TypeReference> AttributesOf(ICustomAttributeProvider member) =>
        member.CustomAttributes.Select(attribute => attribute.AttributeType);

    // A list of rows is a use of the row, and so is an array of them.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Concat(Parts(generic.ElementType)),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    private bool IsForbidden(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        for (var name = type.FullName; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
        {
            if (_forbidden.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
