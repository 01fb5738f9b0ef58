namespace Opaline.Client.Contracts;

/// <summary>A version of a tenant's keys.</summary>
/// <param name="Version">Its number, from 1; tokens carry it.</param>
/// <param name="State"><c>added</c>, <c>primary</c>, <c>decode_only</c> (its tokens open), <c>disabled</c> (they do not) or <c>destroyed</c>.</param>
/// <param name="MadeAt">When it was made, UTC.</param>
/// <param name="StateAt">Since when it has the state, UTC.</param>
public sealed record KeyVersionDocument(int Version, string State, DateTime MadeAt, DateTime StateAt);
