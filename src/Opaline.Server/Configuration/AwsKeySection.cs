namespace Opaline.Server.Configuration;

/// <summary>Which key of AWS KMS is the root key. Credentials come from where the AWS SDK looks for them.</summary>
internal sealed class AwsKeySection
{
    /// <summary>Alias of the key; rotation points it to a new key.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The region; empty: the SDK finds it.</summary>
    public string Region { get; init; } = "";

    /// <summary>Address of an endpoint; empty: the region's.</summary>
    public string Address { get; init; } = "";

    /// <summary>Days until a key that is to be destroyed is gone.</summary>
    public int DeletionDays { get; init; } = 7;

    internal void Check(Faults faults)
    {
        faults.Require(KeyManagement.AwsKms.IsAlias(Alias), nameof(Alias), "must be an alias of your own, such as alias/opaline.");
        faults.Require(Address.Length == 0 || KeyServiceAddress.IsSafe(Address), nameof(Address), KeyServiceAddress.Rule);
        faults.Within(DeletionDays, 7, 30, nameof(DeletionDays));
    }
}
