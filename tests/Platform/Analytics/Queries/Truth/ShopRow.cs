namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>A row about the shop, a value for every field that a query may use.</summary>
internal sealed record ShopRow(
    long Subject,
    DateTime Time,
    string? Action,
    string? City,
    decimal? Amount,
    bool? Vip,
    long? Quantity,
    double? Score,
    DateOnly? Born,
    Guid? Session,
    DateTime? Seen);
