namespace Opaline.Analytics;

/// <summary>Where the answer to a plan is stored.</summary>
/// <param name="Id">The release.</param>
/// <param name="Part">Of a release of several questions, one of which is the plan, its measures; null: it is the whole.</param>
internal sealed record ReleasePlace(string Id, (int First, int Count)? Part);
