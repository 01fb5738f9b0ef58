namespace Opaline.Analytics;

/// <summary>One row per event that others of its subject follow: fields <c>step_1</c> to <c>step_3</c>, the values of consecutive events.</summary>
/// <param name="Events">Whose rows are the events.</param>
/// <param name="Field">The dimension whose values make the path.</param>
/// <param name="Length">2 or 3.</param>
public sealed record PathSource(string Events, string Field, int Length = 2) : BehaviourSource(Events);
