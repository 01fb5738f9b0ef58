using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Plans comparisons. A plain field is compared with constants as it is stored, so it needs no bounds; numbers of any other form are compared on the grid
/// that they have in common.
/// </summary>
internal sealed class ComparisonPlanner(ExpressionPlanner planner)
{
    public PlannedExpression Plan(OperationExpression call, string path)
    {
        bool several = call.Operation == Operation.In;
        ExpressionPlanner.CheckCount(call, path, 2, several ? QueryLimits.MaxValues + 1 : 2);
        if (several && !call.Arguments.Skip(1).All(a => a is ConstantExpression))
            throw ExpressionPlanner.Refuse(RefusalCodes.InvalidValue, "The values after the first are constants.", call, path);
        if (call.Arguments is [ConstantExpression constant, not ConstantExpression])
            return Plan(new OperationExpression(Mirror(call.Operation), [call.Arguments[1], constant]) { Fragment = call.Fragment }, path);
        if (call.Arguments is [FieldExpression field, ConstantExpression, ..])
            return WithConstants(call, field, path);
        if (several)
            return EqualToOne(call, path);
        return call.Arguments is [FieldExpression x, FieldExpression y] ? Columns(call, x, y, path) : Values(call, path);
    }

    private static Operation Mirror(Operation operation) => operation switch
    {
        Operation.Less => Operation.Greater,
        Operation.LessOrEqual => Operation.GreaterOrEqual,
        Operation.Greater => Operation.Less,
        Operation.GreaterOrEqual => Operation.LessOrEqual,
        _ => operation,
    };

    private static bool IsOrder(Operation operation) =>
        operation is Operation.Less or Operation.LessOrEqual or Operation.Greater or Operation.GreaterOrEqual;

    private PlannedExpression WithConstants(OperationExpression call, FieldExpression expression, string path)
    {
        PlannedColumn column = planner.Raw(expression, path);
        CheckOrder(call, column.Kind, path);
        string place = call.Operation == Operation.In ? path + ".values" : path + ".value";
        ImmutableArray<PlannedConstant> constants =
        [
            .. call.Arguments.Skip(1).Cast<ConstantExpression>()
                .Select(c => ConstantReader.Read(column.Field.Stored!.Value, c.Value, c.Fragment ?? place))
                .DistinctBy(c => c.Text).OrderBy(c => c.Text, StringComparer.Ordinal),
        ];
        return constants.Length == 1 && call.Operation == Operation.In
            ? ExpressionPlanner.Boolean(Operation.Equal, column, constants[0])
            : ExpressionPlanner.Boolean(call.Operation, [column, .. constants]);
    }

    private static void CheckOrder(OperationExpression call, ValueKind kind, string path)
    {
        if (IsOrder(call.Operation) && kind is ValueKind.Text or ValueKind.Boolean or ValueKind.Uuid)
        {
            throw ExpressionPlanner.Refuse(
                RefusalCodes.OperatorNotAllowed, "This field has no order: use eq, ne, in, is_null or not_null.", call, path + ".op");
        }
    }

    private PlannedExpression EqualToOne(OperationExpression call, string path) => planner.Condition(
        call.Arguments.Length == 2
            ? Expression.Of(Operation.Equal, call.Arguments[0], call.Arguments[1])
            : new OperationExpression(Operation.Or, [.. call.Arguments.Skip(1).Select(a => Expression.Of(Operation.Equal, call.Arguments[0], a))]),
        path);

    // Two columns of one stored type compare as they are.
    private PlannedExpression Columns(OperationExpression call, FieldExpression x, FieldExpression y, string path)
    {
        PlannedColumn left = planner.Raw(x, ExpressionPlanner.Argument(path, 0));
        PlannedColumn right = planner.Raw(y, ExpressionPlanner.Argument(path, 1));
        if (left.Field.Stored != right.Field.Stored)
            return Values(call, path);
        CheckOrder(call, left.Kind, path);
        return ExpressionPlanner.Boolean(call.Operation, left, right);
    }

    private PlannedExpression Values(OperationExpression call, string path)
    {
        PlannedExpression left = planner.Plan(call.Arguments[0], ExpressionPlanner.Argument(path, 0));
        // A text means a date where it meets one.
        PlannedExpression right = call.Arguments[1] is ConstantExpression constant && left.Kind == ValueKind.Date
            ? ConstantReader.Read(StoredType.Date, constant.Value, constant.Fragment ?? ExpressionPlanner.Argument(path, 1))
            : planner.Plan(call.Arguments[1], ExpressionPlanner.Argument(path, 1));
        if (left.Kind != right.Kind)
            throw ExpressionPlanner.Refuse(RefusalCodes.OperatorNotAllowed, "Only values of one type are compared.", call, path);
        CheckOrder(call, left.Kind, path);
        if (left.Kind == ValueKind.Number)
            NumberPlanner.Hull([left, right], call, path);
        return ExpressionPlanner.Boolean(call.Operation, left, right);
    }
}
