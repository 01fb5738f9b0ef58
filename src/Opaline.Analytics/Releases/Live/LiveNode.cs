namespace Opaline.Analytics;

/// <summary>A block of steps of a live counter.</summary>
/// <param name="Level">It is 2^level steps long.</param>
/// <param name="Place">Its number among those of its level, from 0.</param>
internal readonly record struct LiveNode(int Level, int Place)
{
    /// <summary>The steps before it.</summary>
    public int From => Place << Level;

    /// <summary>The steps through its last one.</summary>
    public int To => (Place + 1) << Level;
}
