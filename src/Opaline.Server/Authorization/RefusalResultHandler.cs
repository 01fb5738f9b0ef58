using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.IdentityModel.Tokens;
using Opaline.Server.Authentication;
using Opaline.Server.Documents;
using Opaline.Server.Problems;

namespace Opaline.Server.Authorization;

/// <summary>Answers 401 and 403 with problem details that say why; lets through what no endpoint serves, which becomes a 404 or 405.</summary>
internal sealed class RefusalResultHandler(Refusals refusals) : IAuthorizationMiddlewareResultHandler
{
    private const string HowToGetIn = " Get one with POST /connect/token and send it as Authorization: Bearer TOKEN.";

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || context.GetEndpoint() is not RouteEndpoint)
            await next(context);
        else if (context.Features.Get<CallIdentity>() is { } identity)
            await refusals.AnswerAsync(context, Forbidden(context, identity));
        else
            await refusals.AnswerAsync(context, Unauthenticated((await context.AuthenticateAsync(Schemes.ByIssuer)).Failure));
    }

    private static Problem Forbidden(HttpContext context, CallIdentity identity)
    {
        string detail = identity.RoleName is not { } role
            ? "The token gives no role here, or more than one. An outside authority's roles must be mapped under Opaline:Authentication:Authorities."
            : context.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>() is { } needed
                ? $"The role {role} may not do this: it lacks the permission {Words.Of(needed.Permission)}. Use a client of a role that has it."
                : "Nobody may do this.";
        return new Problem(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, detail);
    }

    private static Problem Unauthenticated(Exception? failure)
    {
        string detail = failure switch
        {
            null => "This needs an access token.",
            SecurityTokenExpiredException => "The access token has expired.",
            SecurityTokenNotYetValidException => "The access token is not valid yet: compare the clocks.",
            SecurityTokenInvalidAudienceException => "The access token is for another audience.",
            SecurityTokenInvalidIssuerException => "The access token comes from an issuer that is not accepted here.",
            SecurityTokenInvalidTypeException => "This is not an access token (typ at+jwt).",
            SecurityTokenInvalidAlgorithmException => "The access token is signed with an algorithm that is not accepted here.",
            _ => "The access token is not valid: it is unsigned, malformed, or signed with an unknown key.",
        };
        return new Problem(StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated, detail + HowToGetIn);
    }
}
