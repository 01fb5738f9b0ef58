namespace Opaline.KeyManagement;

/// <summary>Which key of AWS KMS is the root key.</summary>
/// <param name="Alias">Its alias, such as <c>alias/opaline</c>: rotation makes a new key and points the alias to it.</param>
public sealed record AwsKmsOptions(string Alias)
{
    /// <summary>The region, such as <c>eu-central-1</c>; null: the SDK finds it (environment, profile, instance).</summary>
    public string? Region { get; init; }

    /// <summary>Another address of the service, such as that of a VPC endpoint; null: the region's.</summary>
    public Uri? Address { get; init; }

    /// <summary>Days until a key that is to be destroyed is gone, 7 to 30.</summary>
    public int DeletionDays { get; init; } = 7;

    /// <summary>How often the SDK repeats a call that was throttled or failed, 0 to 10.</summary>
    public int Retries { get; init; } = 3;
}
