namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>Which call is to fail: the N-th of those that match.</summary>
/// <param name="Nth">From 1.</param>
/// <param name="Call">Part of the call's name: <c>write</c>, <c>sync</c>; empty: any.</param>
/// <param name="File">Part of the file's name; empty: any.</param>
internal sealed record Fault(int Nth, string Call = "", string File = "");
