using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.Keys;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server.Endpoints;

/// <summary>Versions of a tenant's keys and their rotations. No key is ever shown.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this RouteGroupBuilder api)
    {
        api.MapGet("/keys", ReadAsync)
            .Guarded(Permission.ManageKeys, AuditActions.KeyRead)
            .Takes()
            .WithTags("Keys")
            .WithSummary("Shows the versions of the keys")
            .WithDescription("Every version with its state, and the newest rotations. Tokens carry the number of the version that opens them.")
            .Produces<KeysDocument>();
        api.MapPost("/keys/rotations", RotateAsync)
            .Guarded(Permission.ManageKeys, AuditActions.KeyRotation)
            .Takes()
            .WithTags("Keys")
            .WithSummary("Renews the keys")
            .WithDescription(
                "A new version is added and made primary, and what is sealed under older ones is sealed anew while everything goes on; rows, ids, joins and counts stay as they "
                + "are. Location leads to the rotation. Asked again before it is done it is the same one.")
            .Produces<KeyRotationDocument>(StatusCodes.Status202Accepted);
        api.MapGet("/keys/rotations/{rotation}", FindAsync)
            .Guarded(Permission.ManageKeys, AuditActions.KeyRead)
            .Takes()
            .WithTags("Keys")
            .WithSummary("Shows a rotation")
            .WithDescription("How far it is, and once it is done its report.")
            .Produces<KeyRotationDocument>()
            .Refuses(404);
        Change(api, "disable", KeyState.Disabled, "Revokes a version of the keys", "Its tokens open no more, until it is enabled again or the schedule destroys it.");
        Change(api, "enable", KeyState.DecodeOnly, "Enables a version of the keys", "Tokens of a disabled version open again.");
        Change(api, "destroy", KeyState.Destroyed, "Destroys a version of the keys", "For good: a version that is disabled. Its tokens, and old copies that are sealed under it, never open again.");
        Root(
            api, "rotate", rotate: true, "Renews the root key", "A version is added to it and made primary, and the keys of all tenants and of the server are wrapped under it. No value is touched.");
        Root(
            api,
            "rewrap",
            rotate: false,
            "Wraps all keys under the newest version of the root key",
            "After a rotation at the key service; it happens every hour by itself. If all_rewrapped is true, older versions of the root key open nothing that is stored any more and can be destroyed.");
    }

    private static void Root(RouteGroupBuilder api, string verb, bool rotate, string summary, string description) => api
        .MapPost("/keys/root/" + verb, (HttpContext context, ServerKeys keys, KeyRotator rotator, CancellationToken cancellationToken) =>
            RewrapAsync(rotate, context, keys, rotator, cancellationToken))
        .Guarded(Permission.ManageKeys, AuditActions.KeyChange)
        .Takes()
        .WithTags("Keys")
        .WithSummary(summary)
        .WithDescription(description)
        .Produces<RootKeyDocument>();

    private static void Change(RouteGroupBuilder api, string verb, KeyState state, string summary, string description) => api
        .MapPost("/keys/versions/{version}/" + verb, async (int version, HttpContext context, KeyRotator rotator, CancellationToken cancellationToken) =>
        {
            await rotator.ChangeAsync(context.Caller(), version, state, cancellationToken);
            CallRecorder.MarkRecorded(context);
            return TypedResults.Json(await DocumentAsync(context, rotator, cancellationToken), OpalineJson.Options);
        })
        .Guarded(Permission.ManageKeys, AuditActions.KeyChange)
        .Takes()
        .WithTags("Keys")
        .WithSummary(summary)
        .WithDescription(description)
        .Produces<KeysDocument>()
        .Refuses(409);

    private static async Task<IResult> ReadAsync(HttpContext context, KeyRotator rotator, CancellationToken cancellationToken) =>
        TypedResults.Json(await DocumentAsync(context, rotator, cancellationToken), OpalineJson.Options);

    private static async Task<IResult> RotateAsync(
        HttpContext context, KeyRotator rotator, Vault vault, IControlStore store, CallRecorder recorder, CancellationToken cancellationToken)
    {
        Caller caller = context.Caller();
        // A tenant that has never stored anything has no keys yet: reading makes them.
        _ = await rotator.ReadAsync(caller.Tenant, cancellationToken);
        KeyRotation rotation = await recorder.ChangeAsync(
            context,
            store,
            "key",
            transaction => rotator.Request(transaction, caller.Tenant, caller.Id),
            made => JsonSerializer.Serialize(new { rotation = made.Id, from_version = made.FromVersion, to_version = made.ToVersion, requested = true }),
            cancellationToken);
        context.Response.Headers.Location = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{OpalineApi.Root}/keys/rotations/{rotation.Id}");
        return TypedResults.Json(Write(rotation), OpalineJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> RewrapAsync(bool rotate, HttpContext context, ServerKeys keys, KeyRotator rotator, CancellationToken cancellationToken)
    {
        if (context.Caller().Tenant != Tenant.Default)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "The root key is above all tenants: only an administrator of the default one may renew it.", null);
        }

        RootKeyVersion newest = rotate ? await keys.Root.RotateAsync(cancellationToken) : await keys.Root.StateAsync(null, cancellationToken);
        // On record also if the rest fails: the version is there.
        Describe(allRewrapped: false);
        await keys.RewrapAsync(cancellationToken);
        IReadOnlyList<Tenant> left = await rotator.RewrapUnderRootAsync(cancellationToken);
        RootKeyDocument document = new(newest.Version, left.Count == 0);
        Describe(document.AllRewrapped);
        return TypedResults.Json(document, OpalineJson.Options);

        void Describe(bool allRewrapped) => CallRecorder.Describe(
            context, "key/root", JsonSerializer.Serialize(new { rotated = rotate, version = newest.Version, all_rewrapped = allRewrapped }));
    }

    private static async Task<IResult> FindAsync(long rotation, HttpContext context, KeyRotator rotator, CancellationToken cancellationToken)
    {
        KeyRotation found = await rotator.FindAsync(context.Caller().Tenant, rotation, cancellationToken)
            ?? throw new ProblemException(
                StatusCodes.Status404NotFound, ProblemCodes.UnknownRotation, "There is no rotation of this number; GET /api/v1/keys lists them.", "rotation");
        return TypedResults.Json(Write(found), OpalineJson.Options);
    }

    private static async Task<KeysDocument> DocumentAsync(HttpContext context, KeyRotator rotator, CancellationToken cancellationToken)
    {
        Tenant tenant = context.Caller().Tenant;
        (IReadOnlyList<TenantKeyVersion> versions, IReadOnlyList<KeyRotation> rotations) = await rotator.ReadAsync(tenant, cancellationToken);
        return new KeysDocument(
            [.. versions.Select(v => new KeyVersionDocument(v.Number, Words.Of(v.State), v.MadeAt, v.StateAt))], [.. rotations.Select(Write)]);
    }

    private static KeyRotationDocument Write(KeyRotation rotation) => new(
        rotation.Id,
        rotation.FromVersion,
        rotation.ToVersion,
        Words.Of(rotation.Phase),
        rotation.RequestedBy,
        rotation.RequestedAt,
        rotation.FinishedAt,
        rotation.Pages,
        rotation.PagesAtStart,
        rotation.Holders,
        rotation.DamagedPages,
        rotation.DamagedKeys,
        rotation.DamagedHolders);
}
