using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>What is sealed under a subject's key, and what each ciphertext is bound to.</summary>
internal static class SubjectKey
{
    private const int HolderDataSize = 38;
    private static readonly byte[] RowLabel = Encoding.ASCII.GetBytes("opaline/v1/row/");

    private static ReadOnlySpan<byte> HolderLabel => "opaline/v1/holder/"u8;

    /// <summary>Seals what a subject holds under its holder key of a version (<see cref="OpenVersions.HolderKey"/>).</summary>
    public static byte[] SealHolder(ReadOnlySpan<byte> holderKey, int version, long entryId, long subjectId, ReadOnlySpan<byte> value)
    {
        using BoxKey key = new(holderKey);
        return SealHolder(key, version, entryId, subjectId, value);
    }

    /// <inheritdoc cref="SealHolder(ReadOnlySpan{byte}, int, long, long, ReadOnlySpan{byte})"/>
    public static byte[] SealHolder(BoxKey holderKey, int version, long entryId, long subjectId, ReadOnlySpan<byte> value) =>
        holderKey.Seal(value, HolderData(stackalloc byte[HolderDataSize], version, entryId, subjectId));

    /// <summary>Opens to <paramref name="value"/>, which has <see cref="SealedBox.Overhead"/> bytes less than the box.</summary>
    /// <exception cref="CryptographicException">It is another's, of another version, or damaged.</exception>
    public static void OpenHolder(ReadOnlySpan<byte> holderKey, int version, long entryId, long subjectId, ReadOnlySpan<byte> box, Span<byte> value)
    {
        using BoxKey key = new(holderKey);
        OpenHolder(key, version, entryId, subjectId, box, value);
    }

    /// <inheritdoc cref="OpenHolder(ReadOnlySpan{byte}, int, long, long, ReadOnlySpan{byte}, Span{byte})"/>
    public static void OpenHolder(BoxKey holderKey, int version, long entryId, long subjectId, ReadOnlySpan<byte> box, Span<byte> value) =>
        holderKey.Open(box, HolderData(stackalloc byte[HolderDataSize], version, entryId, subjectId), value);

    public static byte[] SealRow(ReadOnlySpan<byte> key, long subjectId, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Seal(key, plaintext, RowData(subjectId, associatedData));

    public static byte[] OpenRow(ReadOnlySpan<byte> key, long subjectId, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Open(key, box, RowData(subjectId, associatedData));

    private static ReadOnlySpan<byte> HolderData(Span<byte> data, int version, long entryId, long subjectId)
    {
        HolderLabel.CopyTo(data);
        Span<byte> numbers = data[HolderLabel.Length..];
        BinaryPrimitives.WriteInt64BigEndian(numbers, entryId);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], subjectId);
        BinaryPrimitives.WriteInt32BigEndian(numbers[16..], version);
        return data;
    }

    private static byte[] RowData(long subjectId, ReadOnlySpan<byte> associatedData)
    {
        byte[] data = new byte[RowLabel.Length + 8 + associatedData.Length];
        RowLabel.CopyTo(data, 0);
        BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(RowLabel.Length), subjectId);
        associatedData.CopyTo(data.AsSpan(RowLabel.Length + 8));
        return data;
    }
}
