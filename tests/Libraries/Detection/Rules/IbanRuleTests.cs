using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Rules;

/// <summary>Examples of the SWIFT IBAN registry.</summary>
public class IbanRuleTests
{
    [Theory]
    [InlineData("GB29NWBK60161331926819")]
    [InlineData("DE89370400440532013000")]
    [InlineData("FR1420041010050500013M02606")]
    [InlineData("NO9386011117947")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("BE68539007547034")]
    [InlineData("CH9300762011623852957")]
    [InlineData("SA0380000000608010167519")]
    [InlineData("BR1800360305000010009795493C1")]
    [InlineData("GB29 NWBK 6016 1331 9268 19")]
    [InlineData("gb29 nwbk 6016 1331 9268 19")]
    [InlineData("DE89-3704-0044-0532-0130-00")]
    public void Account_is_found_whole(string value)
    {
        Finding finding = Detector.OnlyFinding(value);
        Assert.Equal((PiiType.Iban, 0, value.Length), (finding.Type, finding.Start, finding.Length));
    }

    [Theory]
    [InlineData("GB29NWBK60161331926818")]
    [InlineData("GB28NWBK60161331926819")]
    [InlineData("GB29NWBK6016133192681")]
    [InlineData("GB29NWBK601613319268190")]
    [InlineData("DE8937040044053201300")]
    [InlineData("ZZ89370400440532013000")]
    [InlineData("US89370400440532013000")]
    [InlineData("XGB29NWBK60161331926819")]
    [InlineData("GB29 NWBK 6016 1331 9268 18")]
    [InlineData("GB29 NWB K601 6133 1926 819")]
    [InlineData("GB29  NWBK 6016 1331 9268 19")]
    [InlineData("DE89")]
    [InlineData("AB12CD34EF56GH78IJ90KL12")]
    public void Other_codes_are_none(string value) => Assert.DoesNotContain(Detector.Find(value), f => f.Type == PiiType.Iban);

    [Theory]
    [InlineData("IBAN: GB29NWBK60161331926819.", "GB29NWBK60161331926819")]
    [InlineData("to DE89 3704 0044 0532 0130 00 by Friday", "DE89 3704 0044 0532 0130 00")]
    [InlineData("(NO9386011117947)", "NO9386011117947")]
    public void Account_is_cut_out_of_its_text(string text, string account) => Assert.Equal(account, Detector.OnlyText(text));
}
