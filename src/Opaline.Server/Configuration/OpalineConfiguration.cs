using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Opaline.Server.Configuration;

/// <summary>Reads <see cref="OpalineOptions"/> and refuses what it cannot stand for: an unknown key, a value of the wrong kind, a value out of range.</summary>
internal static class OpalineConfiguration
{
    /// <exception cref="ConfigurationException">With one message for each fault, each naming its key.</exception>
    public static OpalineOptions Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(OpalineOptions.Section);
        Faults faults = new(OpalineOptions.Section);
        FindUnknown(section, typeof(OpalineOptions), faults);
        if (faults.Messages.Count > 0)
            throw new ConfigurationException(faults.Messages);

        OpalineOptions options = section.Get<OpalineOptions>() ?? new OpalineOptions();
        options.Check(faults);
        return faults.Messages.Count == 0 ? options : throw new ConfigurationException(faults.Messages);
    }

    /// <summary>Every key that has a value of its own, as in <c>Opaline:Privacy:DefaultEpsilon</c>; lists have the index 0.</summary>
    public static IEnumerable<string> Keys() => Keys(typeof(OpalineOptions), OpalineOptions.Section);

    private static IEnumerable<string> Keys(Type type, string prefix)
    {
        foreach (PropertyInfo property in Properties(type))
        {
            string key = $"{prefix}:{property.Name}";
            if (ItemOf(property.PropertyType) is { } item)
                key += IsMap(property.PropertyType) ? ":NAME" : ":0";
            else
                item = property.PropertyType;
            foreach (string inner in IsSection(item) ? Keys(item, key) : [key])
                yield return inner;
        }
    }

    private static void FindUnknown(IConfigurationSection section, Type type, Faults faults)
    {
        Dictionary<string, PropertyInfo> known = Properties(type).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out PropertyInfo? property))
                faults.Add(child.Key, "is no key of Opaline; .env.example lists them all.");
            else if (ItemOf(property.PropertyType) is { } item)
                FindUnknownItems(child, item, faults.In(property.Name));
            else
                Visit(child, property.PropertyType, faults, property.Name);
        }
    }

    private static void FindUnknownItems(IConfigurationSection section, Type item, Faults faults)
    {
        foreach (IConfigurationSection child in section.GetChildren())
            Visit(child, item, faults, child.Key);
    }

    private static void Visit(IConfigurationSection section, Type type, Faults faults, string key)
    {
        if (IsSection(type))
            FindUnknown(section, type, faults.In(key));
        else if (section.GetChildren().Any())
            faults.Add(key, "must be a single value.");
        else
            CheckKind(section.Value, type, faults, key);
    }

    private static void CheckKind(string? value, Type type, Faults faults, string key)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (type == typeof(bool) && !bool.TryParse(value, out _))
            faults.Add(key, "must be true or false.");
        else if (type == typeof(int) && !int.TryParse(value, NumberStyles.AllowLeadingSign, invariant, out _))
            faults.Add(key, "must be a whole number.");
        else if (type == typeof(double) && !double.TryParse(value, NumberStyles.Float, invariant, out _))
            faults.Add(key, "must be a number, such as 0.5 or 1e-6.");
    }

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsSection(Type type) => type.Namespace == typeof(OpalineOptions).Namespace;

    private static bool IsMap(Type type) => typeof(IDictionary).IsAssignableFrom(type);

    private static Type? ItemOf(Type type) =>
        type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;
}
