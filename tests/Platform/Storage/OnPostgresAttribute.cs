namespace Opaline.Platform.Tests.Storage;

/// <summary>The tests of the class run on PostgreSQL: what they open by <see cref="Engines"/> is a database instead of a folder.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnPostgresAttribute : Attribute;
