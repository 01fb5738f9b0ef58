using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Queries.Json;

public class SourceJsonTests
{
    [Theory]
    [InlineData("""{"dataset":"shop","join":[{"dataset":"visits"}],"measures":[{"function":"count"}]}""")]
    [InlineData("""{"dataset":"shop","as":"s","join":[{"dataset":"visits","as":"v","kind":"left"},{"dataset":"cities","on":{"left":"s.city","right":"cities.city"}}],"measures":[{"function":"count"}]}""")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"n","function":"count","clamp":[0,20],"filter":{"field":"vip","op":"eq","value":true}},{"name":"t","function":"sum","field":"amount","clamp":[-2,8]}],"group_by":[{"field":"action","name":"a"}],"where":[{"field":"city","op":"is_null"}]},"measures":[{"function":"count"}],"group_by":[{"field":"n"}]}""")]
    [InlineData("""{"dataset":"shop","join":[{"dataset":"visits","subjects":{"values":[{"name":"n","function":"count","clamp":[0,5]}]},"as":"v"}],"measures":[{"function":"count"}]}""")]
    [InlineData("""{"source":{"dataset":"shop","subjects":{"values":[{"name":"n","function":"count","clamp":[0,5]}]}},"join":[{"dataset":"visits"}],"measures":[{"function":"count"}]}""")]
    [InlineData("""{"dataset":"shop","join":[{"dataset":"visits"}],"subjects":{"values":[{"name":"n","function":"count","clamp":[0,5]}]},"measures":[{"function":"count"}]}""")]
    [InlineData("""{"dataset":"shop","join":[{"source":{"dataset":"shop","as":"a","join":[{"dataset":"visits"}]},"subjects":{"values":[{"name":"n","function":"count"}]},"as":"v"}],"measures":[{"function":"count"}]}""")]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"look"},{"condition":{"field":"action","op":"eq","value":"buy"},"name":"bought"}],"window":"7d","where":[{"field":"vip","op":"eq","value":true}]}}""")]
    [InlineData("""{"dataset":"shop","retention":{"every":"30d","periods":5}}""")]
    [InlineData("""{"dataset":"shop","retention":{"every":"month","periods":12},"group_by":[{"period":"month"}]}""")]
    [InlineData("""{"dataset":"shop","sessions":{"gap":"30m","most_events":50,"most_minutes":120},"measures":[{"function":"mean","field":"minutes"}]}""")]
    [InlineData("""{"dataset":"shop","active_users":{"within":"month","of":"week"}}""")]
    [InlineData("""{"dataset":"shop","paths":{"field":"action","length":3}}""")]
    public void What_is_read_is_written_again(string json) => Assert.Equal(json, QueryJson.Write(QueryJson.Parse(json)));

    [Theory]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"look"}]}}""", "$.funnel.steps")]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"a"},{"field":"action","op":"eq","value":"b"}],"window":"7 days"}}""", "$.funnel.window")]
    [InlineData("""{"dataset":"shop","retention":{"every":"30d","periods":5},"paths":{"field":"action"}}""", "$.paths")]
    [InlineData("""{"dataset":"shop","retention":{"every":"90m","periods":5}}""", "$.retention.every")]
    [InlineData("""{"dataset":"shop","retention":{"every":"30d","periods":5,"gap":"1d"}}""", "$.retention")]
    [InlineData("""{"dataset":"shop","join":[{"dataset":"visits"}],"sessions":{"gap":"1d"}}""", "$.sessions")]
    [InlineData("""{"dataset":"shop","source":{"dataset":"shop"},"measures":[{"function":"count"}]}""", "$.source")]
    [InlineData("""{"dataset":"shop","join":[{"dataset":"visits","join":[]}],"measures":[{"function":"count"}]}""", "$.join[0]")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[]},"measures":[{"function":"count"}]}""", "$.subjects.values")]
    [InlineData("""{"dataset":"shop"}""", "$.measures")]
    public void What_is_no_source_is_refused_with_its_place(string json, string path)
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(json));
        Assert.Equal(RefusalCodes.InvalidQuery, refusal.Code);
        Assert.Equal(path, refusal.Path);
    }

    [Theory]
    [InlineData("""{"dataset":"shop","retention":{"every":"hour","periods":5}}""", RefusalCodes.InvalidQuery, "$.retention.every")]
    [InlineData("""{"dataset":"shop","retention":{"every":"1d","periods":121}}""", RefusalCodes.InvalidQuery, "$.retention.periods")]
    [InlineData("""{"dataset":"shop","sessions":{"gap":"0s"}}""", RefusalCodes.InvalidQuery, "$.sessions.gap")]
    [InlineData("""{"dataset":"shop","sessions":{"gap":"1h","where":[{"field":"secret","op":"is_null"}]}}""", RefusalCodes.FieldNotAllowed, "$.sessions.where[0].field")]
    [InlineData("""{"dataset":"shop","paths":{"field":"user"}}""", RefusalCodes.FieldNotAllowed, "$.paths.field")]
    [InlineData("""{"dataset":"shop","paths":{"field":"action","length":4}}""", RefusalCodes.InvalidQuery, "$.paths.length")]
    [InlineData("""{"dataset":"shop","active_users":{"within":"day"}}""", RefusalCodes.InvalidPeriod, "$.active_users")]
    [InlineData("""{"dataset":"shop","active_users":{},"measures":[{"function":"count"}]}""", RefusalCodes.InvalidQuery, "$.measures")]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"a"},{"field":"email","op":"eq","value":"b"}]}}""", RefusalCodes.FieldNotAllowed, "$.funnel.steps[1].condition.field")]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"a"},{"field":"action","op":"eq","value":"b"}]},"error":{"absolute":50}}""", RefusalCodes.InvalidErrorTarget, "$.error")]
    [InlineData("""{"dataset":"shop","funnel":{"steps":[{"field":"action","op":"eq","value":"a"},{"field":"action","op":"eq","value":"b"}]},"group_by":[{"field":"step"}]}""", RefusalCodes.InvalidQuery, "$.group_by")]
    [InlineData("""{"dataset":"shop","sessions":{"gap":"1h"},"group_by":[{"field":"city"}]}""", RefusalCodes.UnknownField, "$.group_by[0].field")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"n","function":"count","clamp":[0,1000000000001]}]},"measures":[{"function":"count"}]}""", RefusalCodes.InvalidBounds, "$.subjects.values[0].clamp")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"n","function":"count"}]},"measures":[{"function":"sum","field":"n"}]}""", RefusalCodes.RangeTooLarge, "$.measures[0].clamp")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"s","function":"sum","field":"qty"}]},"measures":[{"function":"mean","expression":{"op":"greatest","args":[{"field":"s"},{"value":3}]}}]}""", RefusalCodes.RangeTooLarge, "$.measures[0].clamp")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"n","function":"sum","field":"city","clamp":[0,1]}]},"measures":[{"function":"count"}]}""", RefusalCodes.FieldNotAllowed, "$.subjects.values[0].field")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"user","function":"count","clamp":[0,1]}]},"measures":[{"function":"count"}]}""", RefusalCodes.InvalidQuery, "$.subjects")]
    [InlineData("""{"dataset":"shop","subjects":{"values":[{"name":"n","function":"count","clamp":[0,1]}]},"measures":[{"function":"count"}],"group_by":[{"field":"city"}]}""", RefusalCodes.UnknownField, "$.group_by[0].field")]
    public void What_cannot_be_planned_is_refused_with_its_place(string json, string code, string path)
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => Shop.Plan(QueryJson.Parse(json)));
        Assert.Equal(code, refusal.Code);
        Assert.Equal(path, refusal.Path);
    }
}
