using Opaline.Tokenization;

namespace Opaline.Catalog;

/// <summary>What is stored of a value.</summary>
/// <param name="Kind">Which treatment.</param>
/// <param name="Generalizer">For <see cref="TreatmentKind.Generalize"/> and <see cref="TreatmentKind.Mask"/>: which one, such as
/// <c>month</c>, <c>age_band:10</c>, <c>bucket:50</c>, <c>top:90</c>, <c>ip_prefix</c>, <c>zip3</c>, <c>keep_last:4</c>; else null.</param>
/// <param name="Format">For <see cref="TreatmentKind.Tokenize"/>: what the tokens of the values look like where they are shown beside the opaque ones; or null.</param>
public sealed record Treatment(TreatmentKind Kind, string? Generalizer = null, TokenFormat? Format = null);

/// <summary>The treatments.</summary>
public enum TreatmentKind
{
    /// <summary>The value, as a typed column.</summary>
    Keep,

    /// <summary>A dictionary id: equality and distinct counts survive; never a group key, a literal filter or an output.</summary>
    Tokenize,

    /// <summary>A coarser value.</summary>
    Generalize,

    /// <summary>A part of it.</summary>
    Mask,

    /// <summary>The text with typed placeholders such as <c>&lt;EMAIL&gt;</c>.</summary>
    Redact,

    /// <summary>AES-256-GCM under the subject's own key.</summary>
    Seal,

    /// <summary>Nothing; the field's name and suggested class are recorded.</summary>
    Drop,
}
