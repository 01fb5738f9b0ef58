using System.Collections.Immutable;
using System.Globalization;
using System.Linq.Expressions;
using Opaline.Client.Contracts;

namespace Opaline.Client.Linq;

/// <summary>
/// A question about the rows of a dataset, built of expression trees over a type that names its fields. Nothing is ever run on the client: the trees become
/// the JSON form of the query, and what has no such form is refused while it is built. Immutable.
/// </summary>
/// <typeparam name="TRow">A type with a property per field: <c>Country</c> is <c>country</c>, <c>Metadata.Plan</c> is <c>metadata.plan</c>; an attribute
/// <see cref="System.Text.Json.Serialization.JsonPropertyNameAttribute"/> names a field otherwise.</typeparam>
public sealed class DatasetQuery<TRow>
{
    private readonly OpalineClient? _client;

    internal DatasetQuery(OpalineClient? client, string dataset)
        : this(client, new QueryDocument { Dataset = dataset, Measures = [] })
    {
    }

    private DatasetQuery(OpalineClient? client, QueryDocument document)
    {
        _client = client;
        Document = document;
    }

    /// <summary>The question so far, without measures.</summary>
    internal QueryDocument Document { get; }

    /// <summary>Rows for which the condition holds.</summary>
    /// <param name="condition">Comparisons, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, arithmetic, <c>?:</c>, <c>??</c>, <c>StartsWith</c>, <c>Contains</c> of a list.</param>
    /// <exception cref="NotSupportedException">A part of it has no form in a query.</exception>
    public DatasetQuery<TRow> Where(Expression<Func<TRow, bool>> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return With(Document with { Where = [.. Document.Where ?? [], .. RowExpressions.Conjuncts(condition)] });
    }

    /// <summary>Rows of the half-open range of dates of the question's zone.</summary>
    public DatasetQuery<TRow> Between(DateOnly from, DateOnly to) => With(Document with { From = Text(from), To = Text(to) });

    /// <summary>Rows of the half-open range of instants.</summary>
    public DatasetQuery<TRow> Between(DateTimeOffset from, DateTimeOffset to) => With(Document with { From = Text(from), To = Text(to) });

    /// <summary>Cuts periods and reads dates in the IANA zone.</summary>
    public DatasetQuery<TRow> InZone(string timeZone) => With(Document with { TimeZone = timeZone });

    /// <summary>Lets one privacy unit count in so many groups, and with so many rows in each.</summary>
    public DatasetQuery<TRow> WithContribution(int groups, int rowsPerGroup) =>
        With(Document with { Contribution = new QueryContributionDocument(groups, rowsPerGroup) });

    /// <summary>Spends so much.</summary>
    public DatasetQuery<TRow> WithEpsilon(double epsilon) => With(Document with { Epsilon = epsilon, Error = null });

    /// <summary>Spends what an error of ± <paramref name="absolute"/> costs.</summary>
    public DatasetQuery<TRow> WithError(double absolute, double? confidence = null) =>
        With(Document with { Epsilon = null, Error = new QueryErrorTargetDocument(absolute, confidence) });

    /// <summary>The δ of the (ε, δ) of the whole question.</summary>
    public DatasetQuery<TRow> WithDelta(double delta) => With(Document with { Delta = delta });

    /// <summary>The noise: <c>discrete_gaussian</c> or <c>discrete_laplace</c>.</summary>
    public DatasetQuery<TRow> WithMechanism(string mechanism) => With(Document with { Mechanism = mechanism });

    /// <summary>Makes a row of the answer for each key.</summary>
    /// <param name="key">A value of the row, or an anonymous type of several, whose members name the keys.</param>
    /// <exception cref="NotSupportedException">A part of it has no form in a query.</exception>
    public DatasetQuery<TRow> GroupBy<TKey>(Expression<Func<TRow, TKey>> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return With(Document with { GroupBy = [.. Document.GroupBy ?? [], .. RowExpressions.Keys(key)] });
    }

    /// <summary>Counts rows.</summary>
    public PrivateQuery Count(string? name = null) => Measure(new QueryMeasureDocument { Function = "count", Name = name });

    /// <summary>Counts distinct subjects.</summary>
    public PrivateQuery DistinctSubjects(string? name = null) => Measure(new QueryMeasureDocument { Function = "distinct_subjects", Name = name });

    /// <summary>Adds up a number.</summary>
    public PrivateQuery Sum<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Measure(RowExpressions.Measure("sum", value) with { Name = name });

    /// <summary>The mean of a number.</summary>
    public PrivateQuery Average<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Measure(RowExpressions.Measure("mean", value) with { Name = name });

    /// <summary>Several measures at once.</summary>
    /// <param name="measures">Each takes the rows and says what to measure.</param>
    public PrivateQuery Select(params ReadOnlySpan<Func<RowMeasures<TRow>, QueryMeasureDocument>> measures)
    {
        ImmutableArray<QueryMeasureDocument>.Builder documents = ImmutableArray.CreateBuilder<QueryMeasureDocument>(measures.Length);
        foreach (Func<RowMeasures<TRow>, QueryMeasureDocument> measure in measures)
            documents.Add(measure(default));
        return Measure([.. documents]);
    }

    private PrivateQuery Measure(params QueryMeasureDocument[] measures) => new(_client, Document with { Measures = measures });

    private DatasetQuery<TRow> With(QueryDocument document) => new(_client, document);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
