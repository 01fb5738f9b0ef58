using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>AES-SIV (RFC 5297) as one would compose it of Bouncy Castle's CMAC and counter mode. Its key schedules are made once.</summary>
internal sealed class ComposedSiv
{
    private const int Block = 16;

    private readonly CMac _mac = new(AesUtilities.CreateEngine());
    private readonly SicBlockCipher _counter = new(AesUtilities.CreateEngine());
    private readonly byte[] _state = new byte[Block];
    private readonly byte[] _tag = new byte[Block];

    public ComposedSiv(byte[] key)
    {
        _mac.Init(new KeyParameter(key, 0, key.Length / 2));
        _counter.Init(true, new ParametersWithIV(new KeyParameter(key, key.Length / 2, key.Length / 2), _state));
    }

    public void Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte[]> associatedData, Span<byte> output)
    {
        _state.AsSpan().Clear();
        Mac(_state, _state);
        foreach (byte[] part in associatedData)
        {
            Double(_state);
            Mac(part, _tag);
            for (int i = 0; i < Block; i++)
                _state[i] ^= _tag[i];
        }
        if (plaintext.Length >= Block)
        {
            _mac.BlockUpdate(plaintext[..^Block]);
            for (int i = 0; i < Block; i++)
                _state[i] ^= plaintext[^(Block - i)];
        }
        else
        {
            Double(_state);
            for (int i = 0; i < plaintext.Length; i++)
                _state[i] ^= plaintext[i];
            _state[plaintext.Length] ^= 0x80;
        }
        Mac(_state, _tag);
        _tag.CopyTo(output);
        _tag[8] &= 0x7f;
        _tag[12] &= 0x7f;
        // Without a key it keeps its own, and takes the counter.
        _counter.Init(true, new ParametersWithIV(null, _tag));
        output = output[Block..];
        for (int at = 0; at < plaintext.Length; at += Block)
        {
            int length = Math.Min(Block, plaintext.Length - at);
            _state.AsSpan().Clear();
            plaintext.Slice(at, length).CopyTo(_state);
            _counter.ProcessBlock(_state, _state);
            _state.AsSpan(0, length).CopyTo(output[at..]);
        }
    }

    private void Mac(ReadOnlySpan<byte> message, byte[] tag)
    {
        _mac.BlockUpdate(message);
        _mac.DoFinal(tag, 0);
    }

    private static void Double(byte[] state)
    {
        int carry = state[0] >> 7;
        for (int i = 0; i < Block - 1; i++)
            state[i] = (byte)((state[i] << 1) | (state[i + 1] >> 7));
        state[Block - 1] = (byte)((state[Block - 1] << 1) ^ (carry * 0x87));
    }
}
