namespace Opaline.Governance;

/// <summary>A row about a person, opened.</summary>
/// <param name="Dataset">Its dataset.</param>
/// <param name="Time">Event time, UTC.</param>
/// <param name="Fields">Its fields by name, each as JSON.</param>
internal sealed record ExportedRow(string Dataset, DateTime Time, IReadOnlyList<(string Name, string Json)> Fields);
