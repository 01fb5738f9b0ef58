namespace Opaline.KeyManagement;

/// <summary>Why a key cannot be had.</summary>
public enum KeyFailure
{
    /// <summary>What says where keys are (folder, passphrase, address, library) is wrong or missing.</summary>
    Configuration,

    /// <summary>There is no such key or version.</summary>
    NotThere,

    /// <summary>The credentials are missing, expired, or do not allow it.</summary>
    Denied,

    /// <summary>The key or its version is disabled, or is about to be destroyed.</summary>
    Disabled,

    /// <summary>The key or its version is destroyed: nothing opens it any more.</summary>
    Destroyed,

    /// <summary>It was wrapped under another key or for another purpose or tenant, or it is damaged.</summary>
    DoesNotOpen,

    /// <summary>What is stored, or what a key service answered, is not of the form that is known.</summary>
    Malformed,

    /// <summary>The key service asks for fewer calls, and did so to the last attempt.</summary>
    Throttled,

    /// <summary>The key service or token does not answer, or fails, to the last attempt.</summary>
    Unreachable,

    /// <summary>The version is in use as the primary one.</summary>
    InUse,
}
