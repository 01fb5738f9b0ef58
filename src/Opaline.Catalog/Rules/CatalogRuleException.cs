namespace Opaline.Catalog;

/// <summary>A declaration or change that the catalog refuses; nothing of it was done.</summary>
public sealed class CatalogRuleException(IReadOnlyList<CatalogError> errors)
    : Exception(errors.Count == 1 ? $"{errors[0].Path}: {errors[0].Reason}" : $"{errors.Count} rules of the catalog are broken.")
{
    /// <summary>A refusal for one reason.</summary>
    public CatalogRuleException(string code, string path, string reason)
        : this([new CatalogError(code, path, reason)])
    {
    }

    /// <summary>Everything that is wrong, at least one.</summary>
    public IReadOnlyList<CatalogError> Errors { get; } = errors;
}
