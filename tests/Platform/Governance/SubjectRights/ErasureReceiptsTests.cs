using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Governance;
using Opaline.Platform.Tests.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Governance.SubjectRights;

public sealed class ErasureReceiptsTests
{
    private static readonly DateTime Day = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Erasure Done = new(
        7, "0123", Tenant.Default, "events", 42, "sub323_x", Day, "admin", ErasureState.Erased, null, Day.AddMinutes(1), Day.AddMinutes(2),
        new Dictionary<string, ErasedRows> { ["events"] = ErasedRows.Delete });

    [Fact]
    public void Receipt_says_what_was_done_and_verifies_offline()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        ErasureReceiptDocument receipt = ErasureReceipt.Verify(Receipts(key, Day.AddDays(1)).Of(Done)!, key.Pem);
        Assert.Equal(
            ("0123", "default", "sub323_x", "events", Day, Day.AddMinutes(1), Day.AddMinutes(2)),
            (receipt.Id, receipt.Tenant, receipt.SubjectId, receipt.SubjectScope, receipt.RequestedAt, receipt.AsOf, receipt.ErasedAt));
        Assert.Equal([KeyValuePair.Create("events", "delete")], receipt.Datasets);
        Assert.Null(receipt.Note);
        using ReceiptKey other = new(ReceiptKey.Create());
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Receipts(key, Day).Of(Done)!, other.Pem));
    }

    [Fact]
    public void Receipt_says_shredded_by_only_once_the_last_copy_has_ended()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        DateTime horizon = Done.ErasedAt!.Value.AddDays(30);
        ErasureReceiptDocument before = ErasureReceipt.Verify(Receipts(key, horizon.AddTicks(-1)).Of(Done)!, key.Pem);
        Assert.Equal((horizon, null), (before.ShredHorizon, before.ShreddedBy));
        ErasureReceiptDocument after = ErasureReceipt.Verify(Receipts(key, horizon).Of(Done)!, key.Pem);
        Assert.Equal((horizon, horizon), (after.ShredHorizon, after.ShreddedBy!.Value));
    }

    [Fact]
    public void Erasure_that_is_not_done_has_no_receipt()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        Assert.Null(Receipts(key, Day).Of(Done with { State = ErasureState.Removed, ErasedAt = null }));
    }

    [Fact]
    public void Receipt_tells_that_who_returns_to_kept_rows_is_another()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        Erasure kept = Done with { Datasets = new Dictionary<string, ErasedRows> { ["b"] = ErasedRows.Anonymize, ["a"] = ErasedRows.Delete } };
        ErasureReceiptDocument receipt = ErasureReceipt.Verify(Receipts(key, Day).Of(kept)!, key.Pem);
        Assert.Equal([KeyValuePair.Create("a", "delete"), KeyValuePair.Create("b", "anonymize")], receipt.Datasets);
        Assert.Contains("another", receipt.Note, StringComparison.Ordinal);
    }

    private static ErasureReceipts Receipts(ReceiptKey key, DateTime now) => new(key, new ManualTime(now), Options.Create(new ErasureOptions { BackupDays = 30 }));
}
