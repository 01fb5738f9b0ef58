using System.Numerics;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Planning.Bounding;

/// <summary>The formulas of bounding-and-ledger, section 3.</summary>
public class OrdinalBoundsTests
{
    // m = 5 windows, k = 7 groups, L = 3 rows, R = 11 rows, B = 2.
    private const int M = 5;
    private const int K = 7;
    private const int L = 3;
    private const int R = 11;
    private const int B = 2;

    private static readonly OrdinalShape Canonical = new(M, 1, 1, true, null);
    private static readonly OrdinalShape ActionAlone = new(M, M, null, true, null);

    [Fact]
    public void Grouped_canonically_a_unit_moves_the_root_of_m_k_times_L()
    {
        OrdinalBounds bounds = OrdinalBounds.PerGroup(Canonical, K, L);
        Assert.Equal((M * K * L, L, M * K), (bounds.Rows, bounds.RowsPerCell, bounds.L0));
        Assert.Equal((B * M * K * L, B * L, B * B * M * K * L * L), (bounds.L1(B), bounds.MaxChange(B), bounds.SquaredL2(B)));
        Assert.Equal((K, L, null), (bounds.GroupsKept, bounds.RowsKeptPerGroup, bounds.RowsKeptPerWindow));
    }

    [Fact]
    public void Grouped_by_action_alone_a_unit_moves_m_k_L()
    {
        OrdinalBounds bounds = OrdinalBounds.PerGroup(ActionAlone, K, L);
        Assert.Equal(BigInteger.Pow(M * K * L, 2), bounds.SquaredL2(1));
        Assert.Equal(M * K * L, bounds.MaxChange(1));
    }

    [Fact]
    public void Filter_R_inside_one_window_moves_R_and_across_windows_m_R()
    {
        OrdinalBounds inside = OrdinalBounds.PerWindow(new OrdinalShape(1, 1, 1, true, null), R);
        Assert.Equal((R * R, R), (inside.SquaredL2(1), inside.MaxChange(1)));
        Assert.Equal((null, null, R), (inside.GroupsKept, inside.RowsKeptPerGroup, inside.RowsKeptPerWindow));
        Assert.Equal(M * R * M * R, OrdinalBounds.PerWindow(ActionAlone, R).SquaredL2(1));
        // Cells of one window each.
        Assert.Equal(M * R * R, OrdinalBounds.PerWindow(Canonical, R).SquaredL2(1));
        Assert.Equal(M * R, OrdinalBounds.PerWindow(Canonical, R).L0);
    }

    [Fact]
    public void What_is_left_over_fills_a_last_cell_in_part()
    {
        // c = 2: N = 1·7·3 = 21, M = 6, so three full cells and one of 3.
        OrdinalBounds bounds = OrdinalBounds.PerGroup(new OrdinalShape(1, 1, 2, true, null), K, L);
        Assert.Equal((3 * 36) + 9, bounds.SquaredL2(1));
        Assert.Equal(21, bounds.L1(1));
    }

    [Fact]
    public void Public_cells_limit_what_there_is_to_move()
    {
        OrdinalBounds bounds = OrdinalBounds.PerGroup(Canonical with { Cells = 4 }, K, L);
        Assert.Equal((4 * L, L, 4), (bounds.Rows, bounds.RowsPerCell, bounds.L0));
        Assert.Equal(4 * L * L, bounds.SquaredL2(1));
    }

    [Fact]
    public void Cells_count_groups_only_where_the_keys_are_a_function_of_the_group()
    {
        Assert.Equal(M * K, OrdinalBounds.PerGroup(Canonical, K, L).L0);
        Assert.Equal(M * K * L, OrdinalBounds.PerGroup(Canonical with { KeysOfGroup = false }, K, L).L0);
        Assert.Equal(2, OrdinalBounds.PerGroup(Canonical with { KeysOfGroup = false, Cells = 2 }, K, L).L0);
    }

    [Fact]
    public void Constant_predicates_that_leave_at_most_k_groups_spare_the_group_filter()
    {
        OrdinalBounds spared = OrdinalBounds.PerGroup(Canonical, K, L, constantGroups: 2);
        Assert.Equal((null, M * 2 * L), (spared.GroupsKept, spared.Rows));
        Assert.Equal(OrdinalBounds.PerGroup(Canonical, K, L), OrdinalBounds.PerGroup(Canonical, K, L, constantGroups: K + 1));
        Assert.Null(OrdinalBounds.PerGroup(Canonical, K, L, constantGroups: K).GroupsKept);
        Assert.Equal(M * 2 * L, OrdinalBounds.PerGroup(ActionAlone, K, L, constantGroups: 2).RowsPerCell);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    [InlineData(1L + int.MaxValue)]
    public void A_bound_at_which_ordinals_saturate_or_that_keeps_nothing_is_refused(long bound)
    {
        Assert.Equal(RefusalCodes.InvalidBounds, Assert.Throws<QueryRefusedException>(() => OrdinalBounds.PerGroup(Canonical, bound, 1)).Code);
        Assert.Throws<QueryRefusedException>(() => OrdinalBounds.PerGroup(Canonical, 1, bound));
        Assert.Throws<QueryRefusedException>(() => OrdinalBounds.PerWindow(Canonical, bound));
    }

    [Fact]
    public void Bounds_just_below_saturation_are_computed_without_overflow() =>
        Assert.Equal(BigInteger.Pow((BigInteger)M * (int.MaxValue - 1) * (int.MaxValue - 1), 2),
            OrdinalBounds.PerGroup(ActionAlone, int.MaxValue - 1, int.MaxValue - 1).SquaredL2(1));

    [Theory]
    [InlineData(true, true, 1, true)]
    [InlineData(false, true, 1, false)]
    [InlineData(true, false, 1, false)]
    [InlineData(true, true, 2, false)]
    public void First_rows_are_distinct_subjects_only_under_all_three_conditions(bool keys, bool where, int windows, bool expected) =>
        Assert.Equal(expected, OrdinalBounds.CountSubjects(new OrdinalShape(2, windows, 1, true, null), keys, where));

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 1, 1, 0)]
    public void A_shape_that_contradicts_itself_is_a_fault(int windows, int perCell, int groups, int cells) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OrdinalBounds.PerWindow(new OrdinalShape(windows, perCell, groups, true, cells), 1));
}
