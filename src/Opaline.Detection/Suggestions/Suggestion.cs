namespace Opaline.Detection;

/// <summary>How a field that holds such values should be classified and treated until an admin says otherwise.</summary>
/// <param name="Level">How sensitive.</param>
/// <param name="Category">Category of the fideslang taxonomy.</param>
/// <param name="Treatment">What to store.</param>
public sealed record Suggestion(SuggestedLevel Level, string Category, SuggestedTreatment Treatment)
{
    /// <summary>For text in which no rule recognises anything: it may hold anything, so it is sealed.</summary>
    public static Suggestion ForText { get; } = new(SuggestedLevel.Confidential, "user.content", SuggestedTreatment.Seal);

    /// <summary>For numbers, booleans, times and other values that are no text.</summary>
    public static Suggestion ForNonText { get; } = new(SuggestedLevel.Internal, "user.behavior", SuggestedTreatment.Keep);

    /// <summary>For a field whose values are of the type.</summary>
    public static Suggestion For(PiiType type) => type switch
    {
        PiiType.Email => new(SuggestedLevel.Confidential, "user.contact.email", SuggestedTreatment.Tokenize),
        PiiType.Phone => new(SuggestedLevel.Confidential, "user.contact.phone_number", SuggestedTreatment.Tokenize),
        PiiType.Ip => new(SuggestedLevel.Confidential, "user.device.ip_address", SuggestedTreatment.Tokenize),
        PiiType.Card => new(SuggestedLevel.Restricted, "user.financial.credit_card", SuggestedTreatment.Tokenize),
        PiiType.Iban => new(SuggestedLevel.Restricted, "user.financial.bank_account", SuggestedTreatment.Tokenize),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type of personal data."),
    };
}
