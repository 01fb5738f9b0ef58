using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Opaline.Client.Contracts;
using Opaline.Server.Authentication;

namespace Opaline.Server.OpenApi;

/// <summary>What the contract says of the whole: what this is, how to get in, and the token endpoint, which OpenIddict serves.</summary>
internal sealed class ContractDocument : IOpenApiDocumentTransformer
{
    public const string Scheme = "client_credentials";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Opaline",
            Version = "v1",
            Description =
                "Privacy-preserving analytics: events go in, identifiers are tokenized before anything is stored, and answers leave through differential "
                + "privacy alone. Refusals are RFC 9457 problem details with a stable code. Every answer tells the rate limit in RateLimit-* headers.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        // Where it was fetched from; an absolute address would be wrong behind a proxy.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "A client's id and secret, for a token of ten minutes. The first start writes one client per role to keys/credentials.json.",
            Flows = new OpenApiOAuthFlows
            {
                ClientCredentials = new OpenApiOAuthFlow
                {
                    TokenUrl = new Uri(TokenServer.TokenPath, UriKind.Relative),
                    Scopes = new Dictionary<string, string>(StringComparer.Ordinal),
                },
            },
        };
        document.Paths[TokenServer.TokenPath] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Token() },
        };
        // Its converter hides from the generator that a query of a batch has the same two forms as one by itself.
        OpenApiSchema batch = (OpenApiSchema)document.Components.Schemas![nameof(QueryBatchDocument)];
        ((OpenApiSchema)batch.Properties!["queries"]).Items = new OpenApiSchema
        {
            OneOf = [new OpenApiSchemaReference(nameof(SqlQueryDocument), document), new OpenApiSchemaReference(nameof(QueryDocument), document)],
        };
        document.Components.Schemas.Remove(nameof(BatchedQueryDocument));
        return Task.CompletedTask;
    }

    private static OpenApiOperation Token() => new()
    {
        OperationId = "GetToken",
        Summary = "Gives an access token",
        Description = "OAuth 2.0 client credentials (RFC 6749, 4.4). Refusals have the form of RFC 6749, 5.2.",
        Tags = new HashSet<OpenApiTagReference> { new("Access") },
        RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/x-www-form-urlencoded"] = new()
                {
                    Schema = Object("grant_type", "client_id", "client_secret"),
                    Example = new System.Text.Json.Nodes.JsonObject
                    {
                        ["grant_type"] = "client_credentials",
                        ["client_id"] = "analyst",
                        ["client_secret"] = "from keys/credentials.json",
                    },
                },
            },
        },
        Responses = new OpenApiResponses
        {
            ["200"] = Answer("A token.", Object("access_token", "token_type", "expires_in")),
            ["400"] = Answer("The request is not one for client credentials.", Object("error", "error_description")),
            ["401"] = Answer("The client or its secret is not known.", Object("error", "error_description")),
            ["429"] = Answer("Too many requests from this address.", Object("code", "detail")),
        },
    };

    private static OpenApiResponse Answer(string description, OpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
    };

    private static OpenApiSchema Object(params string[] names) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(names, StringComparer.Ordinal),
        Properties = names.ToDictionary(
            n => n,
            n => (IOpenApiSchema)new OpenApiSchema { Type = n == "expires_in" ? JsonSchemaType.Integer : JsonSchemaType.String },
            StringComparer.Ordinal),
    };
}
