namespace Opaline.Client;

/// <summary>A text is no receipt, or not one of the key.</summary>
public sealed class ErasureReceiptException(string message, Exception? inner = null) : Exception(message, inner);
