using Opaline.Catalog;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>Whether a name that nobody declared may become a field's name, which is stored in the clear.</summary>
internal static class FieldNames
{
    public static bool MayBeStored(string path, ValueDetector detector)
    {
        if (!DatasetRules.IsFieldName(path) || detector.Find(path).Count > 0)
            return false;

        // An address or number used as a key hides behind the path before it.
        for (int at = -1; (at = path.IndexOf('.', at + 1)) >= 0;)
        {
            if (detector.Classify("", path[(at + 1)..]) is not null)
                return false;
        }

        foreach (string name in path.Split('.'))
        {
            if (detector.Classify("", name) is not null)
                return false;
        }

        return true;
    }
}
