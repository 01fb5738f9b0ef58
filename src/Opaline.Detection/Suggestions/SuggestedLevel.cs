namespace Opaline.Detection;

/// <summary>Sensitivity, lowest first. The names are those of the catalog's levels.</summary>
public enum SuggestedLevel
{
    /// <summary>May be known to anyone.</summary>
    Public,

    /// <summary>For the organisation.</summary>
    Internal,

    /// <summary>Personal data.</summary>
    Confidential,

    /// <summary>Personal data whose loss harms.</summary>
    Restricted,
}
