namespace Opaline.Server.Tests.Running;

/// <summary>Declarations that tests need.</summary>
internal static class Declarations
{
    /// <summary>A dataset of purchases.</summary>
    public static string Dataset(string name) => $$$"""
        {"name":"{{{name}}}","time_zone":"Europe/Vienna",
         "public_range":{"from":"2020-01-01T00:00:00Z","to":"2030-01-01T00:00:00Z"},
         "contribution":{"groups":12,"rows_per_group":5},
         "fields":[{"name":"customer","role":"subject"},
                   {"name":"date","role":"time","type":"date"},
                   {"name":"shop","role":"dimension","domain":["north","south"]},
                   {"name":"note","role":"text"},
                   {"name":"dollars","role":"measure","measure":{"lower":0,"upper":200,"granularity":0.01}}]}
        """;
}
