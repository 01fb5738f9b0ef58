namespace Opaline.Audit;

/// <summary>The verbs of the log. Stable: they are searched for years later.</summary>
public static class AuditActions
{
    /// <summary>A token was asked for.</summary>
    public const string Login = "login";

    /// <summary>Events were sent.</summary>
    public const string DataIngest = "data_ingest";

    /// <summary>An answer was asked for.</summary>
    public const string DataAccess = "data_access";

    /// <summary>Accounts were charged for an answer: written with the charge, whatever comes of the answer.</summary>
    public const string BudgetCharge = "budget_charge";

    /// <summary>A query was planned and priced without being run.</summary>
    public const string DryRun = "dry_run";

    /// <summary>Datasets, fields or metrics were read.</summary>
    public const string CatalogRead = "catalog_read";

    /// <summary>Datasets, fields or metrics were changed.</summary>
    public const string CatalogChange = "catalog_change";

    /// <summary>Budgets were read.</summary>
    public const string BudgetRead = "budget_read";

    /// <summary>The process's own figures were read.</summary>
    public const string MetricsRead = "metrics_read";

    /// <summary>The log itself was read.</summary>
    public const string AuditRead = "audit_read";

    /// <summary>A raw identifier was turned into an opaque id.</summary>
    public const string SubjectLookup = "subject_lookup";

    /// <summary>The value behind a token was asked for: one record a value.</summary>
    public const string TokenReveal = "token_reveal";

    /// <summary>Everything about a person was given out.</summary>
    public const string SubjectExport = "subject_export";

    /// <summary>It was asked what tokens a person has, or who saw the person's values.</summary>
    public const string SubjectRead = "subject_read";

    /// <summary>A person's erasure was asked for, or is done.</summary>
    public const string SubjectErasure = "subject_erasure";

    /// <summary>A receipt of an erasure, or the key that signs them, was read.</summary>
    public const string ErasureRead = "erasure_read";

    /// <summary>Versions and rotations of keys were read.</summary>
    public const string KeyRead = "key_read";

    /// <summary>A rotation of keys was asked for, or is done.</summary>
    public const string KeyRotation = "key_rotation";

    /// <summary>A version of the keys was disabled, enabled or destroyed.</summary>
    public const string KeyChange = "key_change";

    /// <summary>A caller was refused before its request was looked at.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>The server started, stopped, or made its first credentials.</summary>
    public const string System = "system";
}
