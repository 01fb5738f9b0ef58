using System.Text.Json;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Governance;
using Opaline.Ingestion;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server.Problems;

/// <summary>From what the parts throw to what a client is told.</summary>
internal static class ExceptionProblems
{
    public static Problem StorageUnavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.StorageUnavailable,
        "The store could not do this. Nothing is lost that was acknowledged; see /health/ready, and try again later.");

    private static Problem KeysUnavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.KeysUnavailable,
        "A key that this takes cannot be had now. Nothing was done; try again later, and see the server's log and key service if it stays so.");

    private static Problem Internal { get; } = new(
        StatusCodes.Status500InternalServerError,
        ProblemCodes.Internal,
        "The server failed to answer. Try again; if it stays so, tell the operator the time and the address of this call.");

    public static Problem For(Exception exception, long maxBodyBytes) => exception switch
    {
        ProblemException problem => problem.Problem,
        IngestRefusedException refused => ForIngest(refused),
        QueryRefusedException refused => new(StatusOf(refused.Code), refused.Code, refused.Message, refused.Path) { Suggestion = refused.Suggestion },
        BudgetExhaustedException exhausted => new(StatusCodes.Status403Forbidden, BudgetExhaustedException.Code, exhausted.Message)
        {
            Budget = exhausted,
        },
        EngineFailureException failed => new(StatusCodes.Status503ServiceUnavailable, EngineFailureException.Code, failed.Message),
        RevealRefusedException refused => new(
            refused.Code == RevealRefusedException.QuotaExhausted ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity,
            refused.Code,
            refused.Message,
            refused.Path),
        KeyChangeRefusedException refused => new(StatusCodes.Status409Conflict, ProblemCodes.KeyInUse, refused.Message, "version"),
        CatalogRuleException rule => ForCatalog(rule),
        AuditFilterException filter => new(StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, filter.Message, filter.Field),
        StorageFailureException => StorageUnavailable,
        KeyUnavailableException => KeysUnavailable,
        SubjectErasedException erased => new(StatusCodes.Status404NotFound, ProblemCodes.UnknownSubject, erased.Message, "subject"),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyTooLarge(maxBodyBytes),
        BadHttpRequestException bad => new(
            bad.StatusCode, ProblemCodes.BadRequest, "The request is not well-formed HTTP or was cut short; send it again, whole."),
        InvalidDataException => new(StatusCodes.Status400BadRequest, ProblemCodes.BadRequest, "The form is not well-formed or has too many parts."),
        JsonException json => BadJson(json),
        _ => Internal,
    };

    public static Problem BodyTooLarge(long maxBodyBytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        ProblemCodes.BodyTooLarge,
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"The body has more than {maxBodyBytes} bytes, compressed or not. Send it in smaller parts; what was sent is not stored."));

    private static Problem BadJson(JsonException exception) => new(
        StatusCodes.Status400BadRequest,
        ProblemCodes.BadJson,
        exception.LineNumber is { } line
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The body is not the JSON that is expected here: see line {line + 1}, byte {exception.BytePositionInLine + 1}, and /docs for its form.")
            : "The body is not the JSON that is expected here: see /docs for its form.",
        string.IsNullOrEmpty(exception.Path) ? null : exception.Path);

    private static Problem ForIngest(IngestRefusedException refused) => new(
        refused.Code switch
        {
            IngestRefusals.IdempotencyConflict => StatusCodes.Status422UnprocessableEntity,
            IngestRefusals.BodyTooLarge or IngestRefusals.TooManyEvents => StatusCodes.Status413PayloadTooLarge,
            _ => StatusCodes.Status400BadRequest,
        },
        refused.Code,
        refused.Message,
        refused.Path)
    {
        Errors = refused.Errors.Count == 0
            ? null
            : [.. refused.Errors.Select(e => new ProblemErrorDocument(e.Path, e.Reason, e.Index))],
    };

    // Malformed is 400; well-formed, but not to be had, is 422.
    private static int StatusOf(string code) => code switch
    {
        RefusalCodes.UnknownDataset => StatusCodes.Status404NotFound,
        RefusalCodes.UnknownField or RefusalCodes.FieldNotAllowed or RefusalCodes.OperatorNotAllowed or RefusalCodes.TooManyCells
            or RefusalCodes.MechanismNotAvailable or RefusalCodes.UnknownRelease or RefusalCodes.RangeTooLarge or RefusalCodes.JoinNotAllowed => StatusCodes.Status422UnprocessableEntity,
        SqlRefusalCodes.SetOperation or SqlRefusalCodes.Recursion or SqlRefusalCodes.GroupingSets or SqlRefusalCodes.WindowFunction
            or SqlRefusalCodes.DistinctRows or SqlRefusalCodes.JoinNotSupported or SqlRefusalCodes.JoinNotOnSubject or SqlRefusalCodes.JoinCondition or SqlRefusalCodes.NotATable or SqlRefusalCodes.Sample
            or SqlRefusalCodes.Qualify or SqlRefusalCodes.Subquery or SqlRefusalCodes.SubqueryAggregate or SqlRefusalCodes.Star
            or SqlRefusalCodes.NoMeasure or SqlRefusalCodes.NotGrouped or SqlRefusalCodes.AggregateNotAllowed or SqlRefusalCodes.NotReleased
            or SqlRefusalCodes.UnknownFunction or SqlRefusalCodes.CastNotTotal or SqlRefusalCodes.LikePattern or SqlRefusalCodes.NullConstant
            or SqlRefusalCodes.TimeCondition or SqlRefusalCodes.Limit or SqlRefusalCodes.UnsupportedSql => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status400BadRequest,
    };

    private static Problem ForCatalog(CatalogRuleException rule)
    {
        CatalogError first = rule.Errors[0];
        int status = first.Code switch
        {
            "unknown_dataset" or "unknown_field" => StatusCodes.Status404NotFound,
            "name_taken" or ProblemCodes.WouldDiscard => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        return rule.Errors.Count == 1
            ? new(status, first.Code, first.Reason, first.Path)
            : new(status, "invalid_declaration", "Several rules of the catalog are broken; errors lists each with its place.")
            {
                Errors = [.. rule.Errors.Select(e => new ProblemErrorDocument(e.Path, e.Reason))],
            };
    }
}
