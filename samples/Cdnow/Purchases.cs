using System.Globalization;
using System.IO.Compression;

/// <summary>The purchases of CDNOW, 1997 and 1998: customer_id,date,units,dollars.</summary>
internal static class Purchases
{
    /// <summary>The amounts of all customers, in cents, at most <paramref name="perCustomer"/> of each: the first ones.</summary>
    public static long[] Read(string path, int perCustomer)
    {
        using StreamReader file = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return [.. Lines(file).GroupBy(columns => columns[0]).SelectMany(ofOne => ofOne.Take(perCustomer)).Select(Cents)];
    }

    private static IEnumerable<string[]> Lines(StreamReader file)
    {
        file.ReadLine(); // the names of the columns
        while (file.ReadLine() is { } line)
            yield return line.Split(',');
    }

    private static long Cents(string[] columns) => (long)(100 * decimal.Parse(columns[3], CultureInfo.InvariantCulture));
}
