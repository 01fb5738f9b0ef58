using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Import;

/// <summary>Declares the dataset that an import goes into, if it is not there.</summary>
internal static class DatasetDeclaration
{
    /// <summary>A domain of more values than this is no list that anybody looked at.</summary>
    private const int MostValues = 1_000;

    /// <returns>Whether it was declared now.</returns>
    /// <exception cref="UsageException">It is not there and the command line does not say enough, or it is there and another one.</exception>
    public static async Task<bool> EnsureAsync(
        OpalineClient admin, ImportRequest request, IImportSource source, CancellationToken cancellationToken)
    {
        if (await admin.FindDatasetAsync(request.Dataset, cancellationToken) is { } found)
        {
            Check(found, request);
            return false;
        }

        DatasetDeclarationDocument declaration = await DeclareAsync(request, source, cancellationToken);
        try
        {
            await admin.CreateDatasetAsync(declaration, cancellationToken);
            return true;
        }
        catch (OpalineProblemException taken) when (taken.Status == System.Net.HttpStatusCode.Conflict)
        {
            // Another import declared it in between, or the answer to our own declaration was lost on the way.
            return false;
        }
    }

    private static void Check(DatasetDocument found, ImportRequest request)
    {
        foreach ((string option, string? asked, string role) in new[] { ("--subject", request.Subject, "subject"), ("--time", request.Time, "time") })
        {
            string? there = found.Fields.FirstOrDefault(f => f.Role == role)?.Name;
            if (asked is not null && there is not null && asked != there)
                throw new UsageException($"Dataset {request.Dataset} is there already, and its {role} is {there}: leave {option} away, or choose another name.");
        }
    }

    private static async Task<DatasetDeclarationDocument> DeclareAsync(
        ImportRequest request, IImportSource source, CancellationToken cancellationToken)
    {
        if (request.Subject is null || request.Time is null)
        {
            throw new UsageException(
                $"There is no dataset {request.Dataset} yet. Say whom a row is about and when: --subject COLUMN --time COLUMN.");
        }

        List<FieldDeclarationDocument> fields =
        [
            new() { Name = request.Subject, Type = "string", Role = "subject", Treatment = "tokenize" },
            new() { Name = request.Time, Type = "timestamp", Role = "time", Treatment = "keep" },
        ];
        foreach (DomainOption domain in request.Domains)
        {
            fields.Add(new FieldDeclarationDocument
            {
                Name = domain.Column,
                Type = "string",
                Role = "dimension",
                Treatment = "keep",
                Domain = domain.Values ?? await ValuesAsync(domain.Column, source, cancellationToken),
            });
        }

        fields.AddRange(request.Measures.Select(m =>
            new FieldDeclarationDocument { Name = m.Column, Type = "decimal", Role = "measure", Treatment = "keep", Measure = m.Bounds }));
        fields.AddRange(request.Sealed.Select(s =>
            new FieldDeclarationDocument { Name = s, Type = "string", Role = "text", Treatment = "seal" }));
        return new DatasetDeclarationDocument
        {
            Name = request.Dataset,
            TimeZone = request.TimeZone,
            Unit = request.Unit,
            PublicRange = new TimeRangeDocument(request.Range.From, request.Range.To),
            Fields = fields,
        };
    }

    private static async Task<IReadOnlyList<string>> ValuesAsync(string column, IImportSource source, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> values = await source.DistinctAsync(column, MostValues, cancellationToken);
        return values.Count <= MostValues
            ? values
            : throw new UsageException($"{column} has more than {MostValues} values. Declare the public ones instead: --public-domain {column}=A,B,C.");
    }
}
