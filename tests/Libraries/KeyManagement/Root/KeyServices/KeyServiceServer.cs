using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>An HTTP server on loopback that answers as a key service does, and fails when it is told to. Every word it says may be looked for in errors.</summary>
internal sealed class KeyServiceServer : IAsyncDisposable
{
    /// <summary>Stands in every refusal.</summary>
    public const string Marker = "the-very-words-of-the-service";

    private readonly WebApplication _app;
    private readonly Func<ServedRequest, ServedAnswer> _serve;
    private readonly Queue<(int Status, int? RetryAfter, byte[]? Body)> _planned = [];
    private readonly Lock _one = new();

    private KeyServiceServer(WebApplication app, Func<ServedRequest, ServedAnswer> serve)
    {
        _app = app;
        _serve = serve;
    }

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public int Requests { get; private set; }

    public static async Task<KeyServiceServer> StartAsync(Func<ServedRequest, ServedAnswer> serve)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        KeyServiceServer server = new(app, serve);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return server;
    }

    /// <summary>Lets the next calls fail, whatever they ask.</summary>
    public void FailNext(int times, int status, int? retryAfter = null)
    {
        for (int i = 0; i < times; i++)
            _planned.Enqueue((status, retryAfter, null));
    }

    /// <summary>Lets the next call be answered with these bytes.</summary>
    public void AnswerNext(int status, byte[] body) => _planned.Enqueue((status, null, body));

    public void FailNoMore() => _planned.Clear();

    public async Task StopAsync() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        string text = await reader.ReadToEndAsync();
        ServedRequest request = new(
            context.Request.Method, context.Request.Path.Value!.TrimStart('/') + context.Request.QueryString.Value, context.Request.Headers, text);
        ServedAnswer answer;
        lock (_one)
        {
            Requests++;
            if (_planned.TryDequeue(out (int Status, int? RetryAfter, byte[]? Body) planned))
            {
                if (planned.RetryAfter is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                answer = planned.Body is null ? ServedAnswer.Json(planned.Status, new { message = Marker, request = text }) : new(planned.Status, planned.Body);
            }
            else
            {
                answer = _serve(request);
            }
        }
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        if (answer.Body.Length > 0)
            await context.Response.Body.WriteAsync(answer.Body);
    }
}
