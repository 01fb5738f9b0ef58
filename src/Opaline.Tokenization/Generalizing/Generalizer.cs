namespace Opaline.Tokenization;

/// <summary>Makes a value coarser, or masks a part of it. Immutable; made by <see cref="Parse"/> from a treatment's specification.</summary>
public abstract class Generalizer
{
    private protected Generalizer(string specification) => Specification = specification;

    /// <summary>The specification in its normal form, such as <c>age_band:10</c>.</summary>
    public string Specification { get; }

    /// <summary>Whether it masks a part of the value (<c>keep_first:N</c>, <c>keep_last:N</c>) instead of making the whole coarser.</summary>
    public virtual bool IsMask => false;

    /// <summary>
    /// The coarser value, or null if the value is not of the kind that this generalizer reads. Then nothing may be stored in its
    /// column: a value that cannot be read cannot be made coarser.
    /// </summary>
    public abstract string? Apply(string value);

    /// <summary>Reads a specification: <c>month</c>, <c>day</c>, <c>year</c>, <c>hour</c>, <c>age_band:N</c>, <c>bucket:N</c>, <c>top:N</c>,
    /// <c>ip_prefix</c>, <c>zip3</c>, <c>keep_first:N</c>, <c>keep_last:N</c>.</summary>
    /// <exception cref="FormatException">The specification is unknown or its number is out of range; the message says what is allowed.</exception>
    public static Generalizer Parse(string specification) => throw new FormatException("Unknown generalizer.");

    /// <summary>Reads a specification as <see cref="Parse"/> does; on failure <paramref name="error"/> says what is allowed.</summary>
    public static bool TryParse(string specification, out Generalizer? generalizer, out string? error)
    {
        (generalizer, error) = (null, "Unknown generalizer.");
        return false;
    }
}
