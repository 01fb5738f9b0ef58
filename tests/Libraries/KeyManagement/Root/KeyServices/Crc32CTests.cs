using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

public class Crc32CTests
{
    [Fact]
    public void Published_values_are_met()
    {
        // The check value of the catalogue of CRC algorithms, and RFC 3720, appendix B.4.
        Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AA, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Encoding.Latin1.GetBytes(new string('\xff', 32))));
        Assert.Equal(0u, Crc32C.Compute([]));
    }
}
