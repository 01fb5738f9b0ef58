namespace Opaline.Analytics;

/// <summary>What a step of a live counter saw when it was first looked at in it.</summary>
/// <param name="Number">The step, from 1.</param>
/// <param name="VisibleLsn">The last row that was visible.</param>
/// <param name="AsOf">The public tick, UTC.</param>
internal readonly record struct LiveStep(int Number, long VisibleLsn, DateTime AsOf);
