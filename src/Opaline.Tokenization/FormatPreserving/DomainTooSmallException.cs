using System.Globalization;
using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>
/// A format has too few values for format-preserving encryption: fewer than the <see cref="Ff1.MinDomain"/> that SP 800-38G Rev. 1
/// requires, so that a table of all values could be made or guessed.
/// </summary>
public sealed class DomainTooSmallException : ArgumentException
{
    /// <summary>Says how many values there are and how many there have to be.</summary>
    public DomainTooSmallException(BigInteger domainSize)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The format has {domainSize:N0} values, and format-preserving encryption needs {Ff1.MinDomain:N0}: use a join token or generalize."))
        => DomainSize = domainSize;

    /// <summary>The values of the format.</summary>
    public BigInteger DomainSize { get; }
}
