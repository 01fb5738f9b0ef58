namespace Opaline.Detection;

/// <summary>What to store. The names are those of the catalog's treatments.</summary>
public enum SuggestedTreatment
{
    /// <summary>The value.</summary>
    Keep,

    /// <summary>A dictionary id.</summary>
    Tokenize,

    /// <summary>The value sealed under the subject's key.</summary>
    Seal,
}
