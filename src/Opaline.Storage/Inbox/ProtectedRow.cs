using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>A column of a frame.</summary>
/// <param name="FieldId">The field.</param>
/// <param name="Type">Type of its values.</param>
public readonly record struct FrameColumn(long FieldId, StoredType Type);

/// <summary>One protected row. Nothing in it is raw.</summary>
/// <param name="EventKey">128-bit key: the same event sent twice has the same one.</param>
/// <param name="Subject">Dictionary id of the subject.</param>
/// <param name="TimeMicros">Event time, microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Values">One per column of the frame: <see cref="long"/> (Int64, Timestamp), <see cref="int"/> (Date), <see cref="double"/>,
/// <see cref="decimal"/>, <see cref="bool"/>, <see cref="string"/>, <see cref="Guid"/> or null.</param>
/// <param name="Sealed">The sealed fields as one ciphertext, or null.</param>
public sealed record ProtectedRow(Guid EventKey, long Subject, long TimeMicros, object?[] Values, byte[]? Sealed);
