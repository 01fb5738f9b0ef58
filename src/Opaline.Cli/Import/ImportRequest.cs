namespace Opaline.Cli.Import;

/// <summary>What the command line asks to import.</summary>
internal sealed record ImportRequest
{
    public required string Path { get; init; }

    public required ImportFormat Format { get; init; }

    public required string Dataset { get; init; }

    public string? Subject { get; init; }

    public string? Time { get; init; }

    public required IReadOnlyList<DomainOption> Domains { get; init; }

    public required IReadOnlyList<MeasureOption> Measures { get; init; }

    public required IReadOnlyList<string> Sealed { get; init; }

    public string? Unit { get; init; }

    public string? TimeZone { get; init; }

    public required (DateTime From, DateTime To) Range { get; init; }

    public string? Null { get; init; }

    public string? Key { get; init; }

    /// <summary>Columns whose values stay text.</summary>
    public IReadOnlySet<string> TextColumns =>
        new HashSet<string>([.. Domains.Select(d => d.Column), .. Sealed, .. new[] { Subject, Time }.OfType<string>()], StringComparer.Ordinal);

    /// <summary>All columns that the command line names, with the option that does.</summary>
    public IEnumerable<(string Option, string Column)> Named =>
    [
        .. Subject is null ? [] : new[] { ("--subject", Subject) },
        .. Time is null ? [] : new[] { ("--time", Time) },
        .. Domains.Select(d => (d.Option, d.Column)),
        .. Measures.Select(m => ("--measure", m.Column)),
        .. Sealed.Select(s => ("--seal", s)),
    ];
}
