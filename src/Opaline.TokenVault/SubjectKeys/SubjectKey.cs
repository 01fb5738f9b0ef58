using System.Buffers.Binary;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>What is sealed under a subject's key, and what each ciphertext is bound to.</summary>
internal static class SubjectKey
{
    /// <summary>Version of a subject's key; stored with every holder, so that keys can be replaced one day.</summary>
    public const int Version = 1;

    private static readonly byte[] HolderLabel = Encoding.ASCII.GetBytes("opaline/v1/holder/");
    private static readonly byte[] RowLabel = Encoding.ASCII.GetBytes("opaline/v1/row/");

    public static byte[] SealHolder(ReadOnlySpan<byte> key, long entryId, long subjectId, string raw) =>
        SealedBox.Seal(key, Encoding.UTF8.GetBytes(raw), HolderData(entryId, subjectId));

    public static string OpenHolder(ReadOnlySpan<byte> key, long entryId, long subjectId, ReadOnlySpan<byte> box) =>
        Encoding.UTF8.GetString(SealedBox.Open(key, box, HolderData(entryId, subjectId)));

    public static byte[] SealRow(ReadOnlySpan<byte> key, long subjectId, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Seal(key, plaintext, RowData(subjectId, associatedData));

    public static byte[] OpenRow(ReadOnlySpan<byte> key, long subjectId, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Open(key, box, RowData(subjectId, associatedData));

    private static byte[] HolderData(long entryId, long subjectId)
    {
        byte[] data = new byte[HolderLabel.Length + 20];
        HolderLabel.CopyTo(data, 0);
        Span<byte> numbers = data.AsSpan(HolderLabel.Length);
        BinaryPrimitives.WriteInt64BigEndian(numbers, entryId);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], subjectId);
        BinaryPrimitives.WriteInt32BigEndian(numbers[16..], Version);
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
