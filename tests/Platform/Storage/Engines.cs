using System.Collections.Concurrent;
using Xunit.v3;

namespace Opaline.Platform.Tests.Storage;

/// <summary>
/// Which stores the running test opens. A suite that stands for both engines is written once; a class derived from it, with
/// <see cref="OnPostgresAttribute"/> and nothing else, runs it on PostgreSQL.
/// </summary>
internal static class Engines
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_urls = new();

    /// <summary>Whether the running test is one of PostgreSQL's.</summary>
    public static bool OnPostgres => (TestContext.Current.TestClass as IXunitTestClass)?.Class.IsDefined(typeof(OnPostgresAttribute), inherit: false) == true;

    /// <summary>The value of Opaline:Storage:Url that goes with a data folder: empty, or the database that the folder's first opening made.</summary>
    public static string Url(string folder) =>
        OnPostgres ? s_urls.GetOrAdd(folder, _ => new Lazy<string>(() => PostgresServer.NewDatabase())).Value : "";
}
