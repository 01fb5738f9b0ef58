using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

public class EventTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_name_leads_back_to_its_number(long number)
    {
        Assert.Equal(number, EventTable.DatasetOf(EventTable.Name(number)));
        Assert.Equal(number, EventTable.FieldOf(EventTable.Column(number)));
    }

    [Theory]
    [InlineData("dataset")]
    [InlineData("dataset_")]
    [InlineData("dataset_-1")]
    [InlineData("dataset_1x")]
    [InlineData("filler_1")]
    [InlineData("field_1")]
    public void Another_name_is_no_datasets_table(string name) => Assert.Null(EventTable.DatasetOf(name));

    [Fact]
    public void Subject_and_time_have_no_columns_of_their_own_and_a_sealed_field_has_none()
    {
        Dataset dataset = Datasets.Sample(1, Datasets.Kept(3, "action"), Datasets.Kept(4, "note") with { Treatment = new(TreatmentKind.Seal) });
        Assert.Equal([new FrameColumn(3, StoredType.Text)], EventTable.Columns(dataset));
    }

    [Fact]
    public void A_column_goes_when_its_field_is_gone_or_stored_no_longer_but_never_one_that_is_newer_than_the_dataset()
    {
        Dataset dataset = Datasets.Sample(1, Datasets.Kept(4, "action"), Datasets.Kept(5, "note") with { Treatment = new(TreatmentKind.Drop) }, Datasets.Kept(7, "city"));
        Assert.Equal([3, 5, 6], EventTable.Retired(dataset, [3, 4, 5, 6, 7, 8]));
    }
}
