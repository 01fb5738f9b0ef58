namespace Opaline.KeyManagement;

/// <summary>What may be done with a version of a key. The numbers may be stored.</summary>
public enum KeyState
{
    /// <summary>New: it opens, so that every process knows it before the first one uses it.</summary>
    Added = 0,

    /// <summary>The one that new things are wrapped under.</summary>
    Primary = 1,

    /// <summary>Older: it opens, and wraps nothing new.</summary>
    DecodeOnly = 2,

    /// <summary>It opens nothing, and can be enabled again.</summary>
    Disabled = 3,

    /// <summary>It is gone for good.</summary>
    Destroyed = 4,
}
