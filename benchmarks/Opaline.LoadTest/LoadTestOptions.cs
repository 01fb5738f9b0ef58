namespace Opaline.LoadTest;

/// <summary>What to measure.</summary>
internal sealed record LoadTestOptions(TimeSpan Duration, IReadOnlyList<int> Connections, int Rows, FileInfo? Markdown);
