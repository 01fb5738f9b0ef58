using System.Linq.Expressions;
using System.Reflection;

namespace Opaline.Client.Linq;

/// <summary>Whether values can be missing, by their types and annotations. To C# a missing value differs from every other; in a query no comparison with it holds.</summary>
internal static class RowNulls
{
    /// <summary>Whether the value can be missing. Of a reference type without an annotation it can.</summary>
    public static bool MayBeMissing(Expression value) => value switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion => MayBeMissing(conversion.Operand),
        _ when value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null => false,
        ConstantExpression constant => constant.Value is null,
        MemberExpression { Member: PropertyInfo property } => new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull,
        MemberExpression { Member: FieldInfo field } => new NullabilityInfoContext().Create(field).ReadState != NullabilityState.NotNull,
        BinaryExpression { NodeType: ExpressionType.Coalesce } coalesce => MayBeMissing(coalesce.Right),
        BinaryExpression binary => MayBeMissing(binary.Left) || MayBeMissing(binary.Right),
        ConditionalExpression choice => MayBeMissing(choice.IfTrue) || MayBeMissing(choice.IfFalse),
        MethodCallExpression call => (call.Object is { } owner && MayBeMissing(owner)) || call.Arguments.Any(MayBeMissing),
        _ => true,
    };
}
