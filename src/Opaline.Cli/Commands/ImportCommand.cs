using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using Opaline.Cli.Import;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline import</c>: a file into a dataset, exactly once however often it runs.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> File = new("file") { Description = "CSV, TSV, Parquet or NDJSON; gzip too." };

    private static readonly Option<string> Dataset = new("--dataset") { Description = "Dataset; declared if it is not there.", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Subject = new("--subject") { Description = "Column that says whom a row is about.", HelpName = "COL" };
    private static readonly Option<string?> Time = new("--time") { Description = "Column that says when.", HelpName = "COL" };

    private static readonly Option<string[]> Domains = Many(
        "--public-domain", "Dimension and the values of it that are public, each of which gets a cell.", "COL=A,B,…");

    private static readonly Option<string[]> DomainsFromFile = Many(
        "--public-domain-from-file", "Dimension whose values in the file become public, as they are, to everyone who reads the catalog.", "COL");

    private static readonly Option<MeasureOption[]> Measures = new("--measure")
    {
        Description = "Measure with its public bounds and granularity, such as dollars:0:200:0.01.",
        HelpName = "COL:LO:HI:GRANULARITY",
        CustomParser = Measure,
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string[]> Seal = Many("--seal", "Columns to seal under each person's own key.", "COL,…");

    private static readonly Option<string?> Unit = new("--unit")
    {
        Description = "Whom an answer hides: Subject (default), SubjectPerDay, SubjectPerWeek or SubjectPerMonth.",
        HelpName = "UNIT",
        CustomParser = ParseUnit,
    };

    private static readonly Option<string?> Zone = new("--time-zone") { Description = "IANA zone of its days (default: UTC).", HelpName = "ZONE" };

    private static readonly Option<(DateTime From, DateTime To)?> Range = new("--range")
    {
        Description = "Public time range, half-open (default: 1990-01-01..2040-01-01).",
        HelpName = "FROM..TO",
        CustomParser = ParseRange,
    };

    private static readonly Option<string?> Null = new("--null") { Description = "Text that stands, unquoted, for an absent value in CSV and TSV.", HelpName = "TEXT" };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "Name of the import (default: the file's SHA-256). Row ids are made of it and the row number: a second run adds nothing, whoever runs it.",
        HelpName = "IMPORTKEY",
    };

    private static readonly Option<ImportFormat?> Format = new("--format") { Description = "Format, where the name does not tell it." };

    public static Command Create() =>
        new Command("import", "Loads a file: opaline import shop.csv.gz --dataset shop --subject customer_id --time date")
        {
            File, Dataset, Subject, Time, Domains, DomainsFromFile, Measures, Seal, Unit, Zone, Range, Null, Key, Format,
        }.Does(RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellationToken)
    {
        ImportRequest request = Request(parsed);
        await using IImportSource source = request.Format == ImportFormat.NdJson
            ? new NdJsonSource(request.Path)
            : await TableSource.OpenAsync(request.Path, request.Format, request.Null, request.TextColumns, cancellationToken);
        foreach ((string option, string column) in request.Named)
        {
            if (source.Columns is { } columns && !columns.Contains(column))
                throw new UsageException($"{option}: the file has no column {column}. Its columns are {string.Join(", ", columns)}.");
        }

        if (session.Profile.Find("admin") is { } admin)
        {
            if (await DatasetDeclaration.EnsureAsync(session.Client(admin), request, source, cancellationToken))
            {
                session.Screen.Note($"Declared dataset {request.Dataset}.");
                foreach (DomainOption domain in request.Domains.Where(d => d.Values is null))
                {
                    session.Screen.Warn(
                        $"every value that the file has in {domain.Column} is now public: whoever may read the catalog sees it, without noise.");
                }
            }
        }
        else
        {
            session.Screen.Note($"The profile has no admin: dataset {request.Dataset} is taken to be there.");
        }

        string key = request.Key ?? await HashAsync(request.Path, cancellationToken);
        OpalineClient client = session.Client("ingest", "admin");
        RowStreamResult result = await session.Screen.WithProgressAsync($"Importing {Path.GetFileName(request.Path)}", report =>
            client.StreamRowsAsync(
                request.Dataset,
                source.RowsAsync(key, cancellationToken),
                new RowStreamOptions { Key = key, Source = "import/" + key },
                new ImmediateProgress<RowStreamResult>(now => report(source.Share, string.Create(CultureInfo.InvariantCulture, $"{now.Answered:#,0} rows"))),
                cancellationToken));
        session.Screen.Show(new { request.Dataset, Key = key, result.Accepted, result.Rejected, result.Errors }, console =>
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Accepted:#,0} rows accepted, {result.Rejected:#,0} rejected (import key {key})."));
            foreach (IngestErrorDocument error in result.Errors.Take(10))
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  row {error.Index + 1} {error.Path}: {error.Reason}"));
            if (result.Errors.Count > 10)
                console.WriteLine("  … (--json shows more)");
        });
        return result.Rejected == 0 ? ExitCode.Ok : ExitCode.Incomplete;
    }

    private static ImportRequest Request(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(File);
        if (!System.IO.File.Exists(path))
            throw new UsageException($"There is no file {path}.");
        string? key = parsed.GetValue(Key);
        if (key is not null && (key.Length is 0 or > 64 || key.Any(c => c is <= ' ' or > '~')))
            throw new UsageException("--key must have 1 to 64 visible ASCII characters, without blanks.");
        return new ImportRequest
        {
            Path = path,
            Format = parsed.GetValue(Format) ?? ImportFormats.Of(path),
            Dataset = parsed.GetRequiredValue(Dataset),
            Subject = parsed.GetValue(Subject),
            Time = parsed.GetValue(Time),
            Domains =
            [
                .. (parsed.GetValue(Domains) ?? []).Select(Domain),
                .. (parsed.GetValue(DomainsFromFile) ?? []).Select(c => new DomainOption(c, null)),
            ],
            Measures = parsed.GetValue(Measures) ?? [],
            Sealed = [.. (parsed.GetValue(Seal) ?? []).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            Unit = parsed.GetValue(Unit),
            TimeZone = parsed.GetValue(Zone),
            Range = parsed.GetValue(Range)
                ?? (new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
            Null = parsed.GetValue(Null),
            Key = key,
        };
    }

    private static Option<string[]> Many(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, Arity = ArgumentArity.OneOrMore };

    private static DomainOption Domain(string text) => DomainOption.Parse(text) ?? throw new UsageException(
        $"--public-domain {text}: list the public values, as in COL=A,B,C. --public-domain-from-file COL makes those in the file public.");

    private static MeasureOption[]? Measure(ArgumentResult parsed)
    {
        List<MeasureOption> measures = [];
        foreach (Token token in parsed.Tokens)
        {
            if (MeasureOption.Parse(token.Value) is not { } measure)
            {
                parsed.AddError($"--measure {token.Value}: expected COLUMN:LOWER:UPPER:GRANULARITY, such as dollars:0:200:0.01.");
                return null;
            }

            measures.Add(measure);
        }

        return [.. measures];
    }

    private static string? ParseUnit(ArgumentResult parsed)
    {
        string? unit = parsed.Tokens[0].Value.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "SUBJECT" => "subject",
            "SUBJECTPERDAY" => "subject_per_day",
            "SUBJECTPERWEEK" => "subject_per_week",
            "SUBJECTPERMONTH" => "subject_per_month",
            _ => null,
        };
        if (unit is null)
            parsed.AddError("--unit must be Subject, SubjectPerDay, SubjectPerWeek or SubjectPerMonth.");
        return unit;
    }

    private static (DateTime From, DateTime To)? ParseRange(ArgumentResult parsed)
    {
        string[] parts = parsed.Tokens[0].Value.Split("..");
        DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (parts.Length == 2
            && DateTime.TryParse(parts[0], CultureInfo.InvariantCulture, utc, out DateTime from)
            && DateTime.TryParse(parts[1], CultureInfo.InvariantCulture, utc, out DateTime to)
            && from < to)
        {
            return (from, to);
        }

        parsed.AddError("--range must be two dates, such as 2012-01-01..2016-01-01.");
        return null;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower((await SHA256.HashDataAsync(file, cancellationToken)).AsSpan(0, 16));
    }
}
