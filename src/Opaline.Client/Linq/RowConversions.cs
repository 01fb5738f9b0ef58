using System.Linq.Expressions;

namespace Opaline.Client.Linq;

/// <summary>
/// Conversions in expression trees. Those that keep every value say nothing: to a number that has all values of the other, to nullable types, to a base type,
/// between an enumeration and its numbers. Others change what is asked, and a query has no form for them.
/// </summary>
internal static class RowConversions
{
    private static readonly Dictionary<TypeCode, TypeCode[]> Wider = new()
    {
        [TypeCode.SByte] = [TypeCode.Int16, TypeCode.Int32, TypeCode.Int64, TypeCode.Single, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.Byte] = [TypeCode.Int16, TypeCode.UInt16, TypeCode.Int32, TypeCode.UInt32, TypeCode.Int64, TypeCode.UInt64, TypeCode.Single, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.Int16] = [TypeCode.Int32, TypeCode.Int64, TypeCode.Single, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.UInt16] = [TypeCode.Int32, TypeCode.UInt32, TypeCode.Int64, TypeCode.UInt64, TypeCode.Single, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.Char] = [TypeCode.UInt16, TypeCode.Int32, TypeCode.UInt32, TypeCode.Int64, TypeCode.UInt64],
        [TypeCode.Int32] = [TypeCode.Int64, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.UInt32] = [TypeCode.Int64, TypeCode.UInt64, TypeCode.Double, TypeCode.Decimal],
        [TypeCode.Int64] = [TypeCode.Decimal],
        [TypeCode.UInt64] = [TypeCode.Decimal],
        [TypeCode.Single] = [TypeCode.Double],
    };

    /// <summary>The expression without conversions that keep its value.</summary>
    /// <exception cref="NotSupportedException">A conversion could change it.</exception>
    public static Expression Plain(Expression body)
    {
        while (body is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Quote } conversion)
        {
            if (conversion.NodeType != ExpressionType.Quote && !Keeps(conversion))
            {
                throw new NotSupportedException(
                    $"\"{conversion}\" changes values, and a query does not convert: write the value itself, Math.Floor of it for whole numbers, or Row.Bucket.");
            }

            body = conversion.Operand;
        }

        return body;
    }

    /// <summary>A type, of a nullable one what it holds.</summary>
    public static Type TypeOf(Expression expression) => Nullable.GetUnderlyingType(expression.Type) ?? expression.Type;

    /// <summary>Whether it is of whole numbers.</summary>
    public static bool IsWhole(Expression expression) => Type.GetTypeCode(TypeOf(expression)) is >= TypeCode.SByte and <= TypeCode.UInt64;

    private static bool Keeps(UnaryExpression conversion)
    {
        Type from = TypeOf(conversion.Operand);
        Type to = TypeOf(conversion);
        if (to.IsAssignableFrom(from))
            return true;
        // An enumeration has the code of its numbers.
        TypeCode source = Type.GetTypeCode(from);
        TypeCode target = Type.GetTypeCode(to);
        bool numbers = source is >= TypeCode.Char and <= TypeCode.Decimal && target is >= TypeCode.Char and <= TypeCode.Decimal;
        return numbers
            ? source == target || (Wider.TryGetValue(source, out TypeCode[]? wider) && wider.Contains(target))
            : conversion.Method?.Name == "op_Implicit";
    }
}
