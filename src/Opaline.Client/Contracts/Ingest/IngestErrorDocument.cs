namespace Opaline.Client.Contracts;

/// <summary>Why a row was not stored. Never holds a value.</summary>
/// <param name="Index">Which row of the batch, from 0.</param>
/// <param name="Path">Which property, such as <c>$.timestamp</c>; <c>$</c> for the whole row. A name that could itself be personal data reads <c>*</c>.</param>
/// <param name="Reason">What is wrong and what is expected.</param>
public sealed record IngestErrorDocument(int Index, string Path, string Reason);
