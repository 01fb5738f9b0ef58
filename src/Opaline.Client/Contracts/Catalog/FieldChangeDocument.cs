namespace Opaline.Client.Contracts;

/// <summary>Body of <c>PATCH /datasets/{name}/fields/{field}</c>: what is absent stays.</summary>
public sealed record FieldChangeDocument
{
    /// <summary><c>confirmed</c> or <c>rejected</c>; analysts see confirmed fields only.</summary>
    public string? State { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Type"/>.</summary>
    public string? Type { get; init; }

    /// <summary><c>dimension</c>, <c>measure</c> or <c>text</c>.</summary>
    public string? Role { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Treatment"/>.</summary>
    public string? Treatment { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Generalizer"/>.</summary>
    public string? Generalizer { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Format"/>.</summary>
    public TokenFormatDocument? Format { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Level"/>.</summary>
    public string? Level { get; init; }

    /// <summary>As in <see cref="FieldDeclarationDocument.Category"/>.</summary>
    public string? Category { get; init; }

    /// <summary>The public values; an empty list takes the domain away.</summary>
    public IReadOnlyList<string>? Domain { get; init; }

    /// <summary>The public bounds.</summary>
    public MeasureBoundsDocument? Measure { get; init; }

    /// <summary>
    /// Confirms that stored values may be lost: another treatment of a field that has a column gives up the column and every value in
    /// it, whether or not the field was confirmed. Without it such a change is refused as <c>would_discard</c>.
    /// </summary>
    public bool DiscardStored { get; init; }
}
