using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>
/// The JSON form of an expression: <c>{"field": …}</c>, <c>{"value": …}</c> or <c>{"op": …, "args": […]}</c>; for a field compared with constants also
/// <c>{"field": …, "op": …, "value": …}</c> and <c>{"field": …, "op": "in", "values": […]}</c>.
/// </summary>
internal static class ExpressionJson
{
    public static Expression Read(JsonElement element, string path) => Read(element, path, 0);

    public static void Write(Utf8JsonWriter writer, Expression expression)
    {
        writer.WriteStartObject();
        switch (expression)
        {
            case FieldExpression field:
                writer.WriteString("field", field.Name);
                break;
            case ConstantExpression constant:
                writer.WritePropertyName("value");
                Write(writer, constant.Value);
                break;
            case OperationExpression operation:
                WriteOperation(writer, operation);
                break;
            default:
                throw new InvalidOperationException("Unknown kind of expression.");
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes an expression as a property.</summary>
    public static void Write(Utf8JsonWriter writer, string name, Expression expression)
    {
        writer.WritePropertyName(name);
        Write(writer, expression);
    }

    /// <summary>Writes conditions as the property <c>where</c>, if there are any.</summary>
    public static void WriteWhere(Utf8JsonWriter writer, ImmutableArray<Expression> where)
    {
        if (where.IsEmpty)
            return;
        writer.WriteStartArray("where");
        foreach (Expression condition in where)
            Write(writer, condition);
        writer.WriteEndArray();
    }

    private static void WriteOperation(Utf8JsonWriter writer, OperationExpression operation)
    {
        if (!IsCondition(operation))
        {
            writer.WriteString("op", QueryWords.Of(operation.Operation));
            writer.WriteStartArray("args");
            foreach (Expression argument in operation.Arguments)
                Write(writer, argument);
            writer.WriteEndArray();
            return;
        }

        writer.WriteString("field", ((FieldExpression)operation.Arguments[0]).Name);
        writer.WriteString("op", QueryWords.Of(operation.Operation));
        if (operation.Operation == Operation.In)
        {
            writer.WriteStartArray("values");
            foreach (Expression value in operation.Arguments.AsSpan()[1..])
                Write(writer, ((ConstantExpression)value).Value);
            writer.WriteEndArray();
        }
        else if (operation.Arguments.Length > 1)
        {
            writer.WritePropertyName("value");
            Write(writer, ((ConstantExpression)operation.Arguments[1]).Value);
        }
    }

    private static bool IsCondition(OperationExpression operation) =>
        Arity(operation.Operation) is { } arity
        && operation.Arguments is [FieldExpression, ..]
        && operation.Arguments.Skip(1).All(a => a is ConstantExpression)
        && (arity < 0 ? operation.Arguments.Length > 1 : operation.Arguments.Length == arity + 1);

    // How many constants a comparison of a field takes: -1 for several; null for what is no comparison.
    private static int? Arity(Operation operation) => operation switch
    {
        Operation.Equal or Operation.NotEqual or Operation.Less or Operation.LessOrEqual or Operation.Greater or Operation.GreaterOrEqual => 1,
        Operation.StartsWith => 1,
        Operation.In => -1,
        Operation.IsNull or Operation.IsNotNull => 0,
        _ => null,
    };

    private static void Write(Utf8JsonWriter writer, Literal value)
    {
        switch (value.Kind)
        {
            case LiteralKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case LiteralKind.Number:
                writer.WriteNumberValue(decimal.Parse(value.Text, CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteBooleanValue(value.Text == "true");
                break;
        }
    }

    private static Expression Read(JsonElement element, string path, int depth)
    {
        if (depth > QueryLimits.MaxDepth)
            throw JsonObjectReader.Refuse($"An expression is at most {QueryLimits.MaxDepth} levels deep.", path);
        JsonObjectReader reader = new(element, path, ["field", "op", "value", "values", "args"]);
        if (!reader.Has("op"))
        {
            if (reader.Has("values") || reader.Has("args") || reader.Has("field") == reader.Has("value"))
                throw JsonObjectReader.Refuse("An expression is {\"field\": …}, {\"value\": …} or {\"op\": …, \"args\": […]}.", path);
            return reader.Has("field")
                ? Expression.Field(reader.RequiredText("field"))
                : Expression.Constant(ReadLiteral(reader.Required("value"), reader.PathOf("value")));
        }

        Operation operation = reader.RequiredWord<Operation>("op", QueryWords.Of);
        if (reader.Has("field"))
            return ReadCondition(reader, operation);
        if (reader.Has("value") || reader.Has("values"))
            throw JsonObjectReader.Refuse("\"value\" and \"values\" go with \"field\"; other operations take \"args\".", path);
        return new OperationExpression(
            operation,
            reader.RequiredArray("args", 1, QueryLimits.MaxValues + 1, (item, place) => Read(item, place, depth + 1)));
    }

    private static OperationExpression ReadCondition(JsonObjectReader reader, Operation operation)
    {
        if (reader.Has("args"))
            throw JsonObjectReader.Refuse("Give \"field\" and \"value\", or \"args\", not both.", reader.PathOf("args"));
        int arity = Arity(operation) ?? throw JsonObjectReader.Refuse("This operation takes \"args\".", reader.PathOf("op"));
        if (reader.Has("value") && arity <= 0)
            throw JsonObjectReader.Refuse(arity < 0 ? "\"in\" takes \"values\", an array." : "This operator takes no value.", reader.PathOf("value"));
        if (reader.Has("values") && arity >= 0)
            throw JsonObjectReader.Refuse("Only \"in\" takes \"values\"; the others take \"value\".", reader.PathOf("values"));
        ImmutableArray<Literal> values = arity switch
        {
            0 => [],
            1 => [ReadLiteral(reader.Required("value"), reader.PathOf("value"))],
            _ => reader.RequiredArray("values", 1, QueryLimits.MaxValues, ReadLiteral),
        };
        return Expression.Condition(reader.RequiredText("field"), operation, values);
    }

    private static Literal ReadLiteral(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.String => Literal.Of(JsonObjectReader.TextOf(element, path)),
        JsonValueKind.Number when element.TryGetDecimal(out decimal number) => Literal.Of(number),
        JsonValueKind.True => Literal.Of(true),
        JsonValueKind.False => Literal.Of(false),
        _ => throw JsonObjectReader.Refuse("A value is a string, a number, true or false. For missing values use \"is_null\".", path),
    };
}
