using System.Text.Json.Serialization;

namespace Opaline.Client.Contracts;

/// <summary>Public bounds of a measure: <c>[lower, upper]</c>, or <c>{"release": …}</c> for those that an earlier release of <c>bounds</c> proposed.</summary>
[JsonConverter(typeof(QueryClampConverter))]
public sealed record QueryClampDocument
{
    /// <summary>A range, in units of what is measured.</summary>
    public QueryClampDocument(decimal lower, decimal upper) => (Lower, Upper) = (lower, upper);

    private QueryClampDocument(string release) => Release = release;

    /// <summary>The least that counts; null with a release.</summary>
    public decimal? Lower { get; }

    /// <summary>The most that counts; null with a release.</summary>
    public decimal? Upper { get; }

    /// <summary>Id of the release whose bounds count; null with a range.</summary>
    public string? Release { get; }

    /// <summary>The bounds that a release proposed.</summary>
    public static QueryClampDocument Of(string release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new QueryClampDocument(release);
    }
}
