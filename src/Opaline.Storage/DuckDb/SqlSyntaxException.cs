namespace Opaline.Storage;

/// <summary>A text that is no SELECT.</summary>
/// <param name="fault">Why.</param>
/// <param name="position">Where, in bytes of UTF-8 from the start; or null.</param>
public sealed class SqlSyntaxException(SqlFault fault, int? position = null) : Exception("The text is no SELECT.")
{
    /// <summary>Why.</summary>
    public SqlFault Fault { get; } = fault;

    /// <summary>Where, in bytes of UTF-8 from the start; or null.</summary>
    public int? Position { get; } = position;
}
