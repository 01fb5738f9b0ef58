namespace Opaline.Analytics;

/// <summary>A key of a release that can be added up.</summary>
/// <param name="Period">The periods; null for the values of an expression.</param>
/// <param name="Identity">SHA-256 of the periods, or of the expression and its public values: equal keys have the same cells.</param>
/// <param name="Values">How many there are.</param>
/// <param name="Covers">Whether conditions leave no row outside of its values, so that it may be dropped.</param>
internal sealed record RollUpKey(Period? Period, string Identity, int Values, bool Covers);
