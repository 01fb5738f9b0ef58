namespace Opaline.Tokenization;

/// <summary>Associated data that an <see cref="AesSiv"/> has worked in, for use with any number of plaintexts under that cipher.</summary>
public sealed class SivHeader
{
    internal SivHeader(AesSiv cipher, UInt128 state)
    {
        Cipher = cipher;
        State = state;
    }

    internal AesSiv Cipher { get; }

    /// <summary>The state of S2V (RFC 5297, 2.4) after the associated data.</summary>
    internal UInt128 State { get; }
}
