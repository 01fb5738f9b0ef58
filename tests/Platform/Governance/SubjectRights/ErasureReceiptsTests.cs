using System.Buffers.Text;
using System.Text;
using Opaline.Catalog;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Governance;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Governance.SubjectRights;

public sealed class ErasureReceiptsTests
{
    private static readonly DateTime Day = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Erasure Done = new(
        7, "0123", Tenant.Default, "events", 42, "sub323_x", Day, "admin", ErasureState.Erased, 30, Day.AddSeconds(50), Day.AddMinutes(1), Day.AddMinutes(2),
        new Dictionary<string, ErasedRows> { ["events"] = ErasedRows.Delete });

    [Fact]
    public void Receipt_says_what_was_done_and_verifies_offline()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        ErasureReceiptDocument receipt = ErasureReceipt.Verify(Receipts(key).Of(Done)!, key.Pem);
        Assert.Equal(
            ("0123", "default", "sub323_x", "events", Day, Day.AddMinutes(1), Day.AddMinutes(2)),
            (receipt.Id, receipt.Tenant, receipt.SubjectId, receipt.SubjectScope, receipt.RequestedAt, receipt.AsOf, receipt.ErasedAt));
        Assert.Equal([KeyValuePair.Create("events", "delete")], receipt.Datasets);
        Assert.Null(receipt.Note);
        using ReceiptKey other = new(ReceiptKey.Create());
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Receipts(key).Of(Done)!, other.Pem));
    }

    [Fact]
    public void Receipt_says_until_when_copies_are_kept_and_not_that_they_are_gone()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        string receipt = Receipts(key).Of(Done)!;
        Assert.Equal(Done.ErasedAt!.Value.AddDays(30), ErasureReceipt.Verify(receipt, key.Pem).ShredHorizon);
        Assert.Equal(Done.ShreddedAt, ErasureReceipt.Verify(receipt, key.Pem).KeyDestroyedAt);
        Assert.DoesNotContain("shredded", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(receipt.Split('.')[1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_says_that_copies_are_gone_only_once_the_window_that_was_declared_at_the_request_has_ended()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        Erasure week = Done with { BackupDays = 7 };
        DateTime horizon = Done.ErasedAt!.Value.AddDays(7);
        Assert.Null(ErasureReceipt.Verify(Receipts(key, TimeSpan.FromDays(7) - TimeSpan.FromTicks(1)).Of(week)!, key.Pem).ShreddedBy);
        ErasureReceiptDocument after = ErasureReceipt.Verify(Receipts(key, TimeSpan.FromDays(400)).Of(week)!, key.Pem);
        Assert.Equal((horizon, horizon), (after.ShredHorizon, after.ShreddedBy!.Value));
    }

    [Fact]
    public void Erasure_that_is_not_done_has_no_receipt()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        Assert.Null(Receipts(key).Of(Done with { State = ErasureState.Removed, ErasedAt = null }));
    }

    [Fact]
    public void Receipt_tells_that_who_returns_to_kept_rows_is_another()
    {
        using ReceiptKey key = new(ReceiptKey.Create());
        Erasure kept = Done with { Datasets = new Dictionary<string, ErasedRows> { ["b"] = ErasedRows.Anonymize, ["a"] = ErasedRows.Delete } };
        ErasureReceiptDocument receipt = ErasureReceipt.Verify(Receipts(key).Of(kept)!, key.Pem);
        Assert.Equal([KeyValuePair.Create("a", "delete"), KeyValuePair.Create("b", "anonymize")], receipt.Datasets);
        Assert.Contains("another", receipt.Note, StringComparison.Ordinal);
    }

    private static ErasureReceipts Receipts(ReceiptKey key, TimeSpan? later = null) =>
        new(key, new ManualTime(Done.ErasedAt!.Value + (later ?? TimeSpan.Zero)));
}
