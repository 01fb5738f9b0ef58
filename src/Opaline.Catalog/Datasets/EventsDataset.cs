using System.Buffers;
using System.Text;

namespace Opaline.Catalog;

/// <summary>The built-in dataset of every tenant: who did what, when, and what came along.</summary>
public static class EventsDataset
{
    /// <summary>Its name.</summary>
    public const string Name = "events";

    /// <summary>Its subject field.</summary>
    public const string UserId = "user_id";

    /// <summary>Its time field.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The dimension that says what was done.</summary>
    public const string Action = "action";

    /// <summary>Longest action that is kept.</summary>
    public const int LongestAction = 64;

    private const string ActionCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/-";
    private static readonly SearchValues<char> Characters = SearchValues.Create(ActionCharacters);
    private static readonly SearchValues<byte> Bytes = SearchValues.Create(Encoding.ASCII.GetBytes(ActionCharacters));

    /// <summary>The range of days that it speaks of unless declared otherwise.</summary>
    public static TimeRange PublicRange { get; } =
        new(new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2035, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    /// <summary>What one subject contributes at most.</summary>
    public static ContributionBounds Bounds { get; } = new(Groups: 10, RowsPerGroup: 5);

    /// <summary>
    /// Whether it has the form of an action. Actions name metrics, so only short plain words are kept: a client that puts something else there
    /// (a page title, a person) must not make of it a column of open text. How many there are is not limited: whether a row keeps its action
    /// may depend on that row alone, or one person's rows would decide what the rows of others count for.
    /// </summary>
    public static bool IsAction(ReadOnlySpan<byte> utf8) => utf8.Length is > 0 and <= LongestAction && utf8.IndexOfAnyExcept(Bytes) < 0;

    /// <summary>The same of an action that is a text already.</summary>
    public static bool IsAction(ReadOnlySpan<char> text) => text.Length is > 0 and <= LongestAction && text.IndexOfAnyExcept(Characters) < 0;

    /// <summary>How it is declared at a tenant's first start.</summary>
    public static DatasetDeclaration Declaration(Tenant tenant) => new(
        tenant,
        Name,
        SubjectScope: "user",
        TimeZone: "UTC",
        PrivacyUnit.Subject,
        PublicRange,
        Bounds,
        MaxAge: TimeSpan.FromDays(1),
        [
            new(UserId, FieldType.String, FieldRole.Subject, Confirmed(ClassificationLevel.Confidential, "user.unique_id"), new(TreatmentKind.Tokenize)),
            new(Timestamp, FieldType.Timestamp, FieldRole.Time, Confirmed(ClassificationLevel.Internal, "user.behavior"), new(TreatmentKind.Keep)),
            new(Action, FieldType.String, FieldRole.Dimension, Confirmed(ClassificationLevel.Internal, "user.behavior"), new(TreatmentKind.Keep)),
        ]);

    private static Classification Confirmed(ClassificationLevel level, string category) =>
        new(level, category, ClassificationState.Confirmed, ClassificationSource.Manual);
}
