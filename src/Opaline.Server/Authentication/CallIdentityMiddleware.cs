namespace Opaline.Server.Authentication;

/// <summary>Right after authentication: keeps who calls, for everything that follows.</summary>
internal sealed class CallIdentityMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (CallIdentity.From(context.User) is { } identity)
            context.Features.Set(identity);
        return next(context);
    }
}
