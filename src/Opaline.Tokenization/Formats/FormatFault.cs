namespace Opaline.Tokenization;

/// <summary>One thing that is wrong with a declared format.</summary>
/// <param name="Code">Stable code: <c>small_domain</c>, <c>wrong_method</c>, <c>overlap</c>, <c>alphabet</c>, <c>separators</c>, <c>length</c>,
/// <c>luhn</c>, <c>country</c>, <c>range</c>, <c>domains</c>, <c>not_applicable</c>.</param>
/// <param name="Property">The property in snake_case, such as <c>keep_prefix</c>.</param>
/// <param name="Reason">What is wrong, with the domain size.</param>
/// <param name="Alternative">What to declare instead.</param>
public sealed record FormatFault(string Code, string Property, string Reason, string Alternative);
