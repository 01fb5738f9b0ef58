namespace Opaline.Ingestion;

/// <summary>How a body holds its events.</summary>
public enum BodyFormat
{
    /// <summary>One JSON object, or an array of them. If it is not well-formed nothing of it is stored.</summary>
    Json,

    /// <summary>One JSON object a line. A line that is not well-formed is refused alone.</summary>
    NdJson,
}
