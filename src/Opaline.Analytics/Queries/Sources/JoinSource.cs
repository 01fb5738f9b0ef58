namespace Opaline.Analytics;

/// <summary>
/// Pairs of rows. Two private sides meet on the subject, and on the period where the privacy unit is one; a private side meets a dataset about nobody on
/// fields. A field is named <c>alias.field</c>. The time of a pair is that of its first row, and <c>from</c> and <c>to</c> speak of it.
/// </summary>
/// <param name="Left">The first side: private.</param>
/// <param name="Right">The second side: private, or a dataset about nobody.</param>
/// <param name="Kind">Which rows of the first side are kept.</param>
/// <param name="On">Fields that must be equal; null for the subject.</param>
/// <param name="Alias">Name of the second side where it is no dataset; null else.</param>
public sealed record JoinSource(Source Left, Source Right, JoinKind Kind = JoinKind.Inner, JoinColumns? On = null, string? Alias = null) : Source
{
    /// <inheritdoc />
    public override string Dataset => Left.Dataset;
}
