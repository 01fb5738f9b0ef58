using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Opaline.Access;
using Opaline.Client.Contracts;
using Opaline.Server.Authorization;
using Opaline.Server.Documents;
using Opaline.Server.Endpoints;

namespace Opaline.Server.OpenApi;

/// <summary>What the contract says of one call, read from the same metadata that the call is checked by.</summary>
internal sealed class ContractOperation : IOpenApiOperationTransformer
{
    private const string ProblemSchema = nameof(ProblemDocument);

    private static readonly (int Status, string Description)[] Refusals =
    [
        (StatusCodes.Status400BadRequest, "The request is not well-formed; detail and path say where."),
        (StatusCodes.Status401Unauthorized, "No valid access token came with the request."),
        (StatusCodes.Status403Forbidden, "The caller may not do this, or a budget does not hold it."),
        (StatusCodes.Status404NotFound, "There is no such thing."),
        (StatusCodes.Status409Conflict, "It is there already, or the change would lose what is stored."),
        (StatusCodes.Status413PayloadTooLarge, "The body is too large."),
        (StatusCodes.Status415UnsupportedMediaType, "The body is of a type or encoding that is not taken here."),
        (StatusCodes.Status422UnprocessableEntity, "The request is well-formed, but not to be had."),
        (StatusCodes.Status429TooManyRequests, "Too many requests; Retry-After says when to come again."),
        (StatusCodes.Status503ServiceUnavailable, "Something here fails; try again later."),
    ];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        await AddProblemAsync(StatusCodes.Status429TooManyRequests);
        if (metadata.OfType<PermissionRequirement>().LastOrDefault() is { } needed)
        {
            IEnumerable<string> roles = Enum.GetValues<Role>().Where(r => RolePermissions.Has(r, needed.Permission)).Select(RoleBinding.NameOf);
            operation.Description += $" Needs the permission {Words.Of(needed.Permission)} (roles: {string.Join(", ", roles)}).";
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ContractDocument.Scheme, context.Document)] = [] }];
            await AddProblemAsync(StatusCodes.Status401Unauthorized);
            await AddProblemAsync(StatusCodes.Status403Forbidden);
        }

        foreach (QueryParameter parameter in metadata.OfType<QueryParameter>())
            Add(operation, parameter.Name, ParameterLocation.Query, parameter.Description, parameter.Example, parameter.Required);
        foreach (HeaderParameter header in metadata.OfType<HeaderParameter>())
            Add(operation, header.Name, ParameterLocation.Header, header.Description, header.Example, required: false);
        if (metadata.OfType<BodyExample>().LastOrDefault() is { } example)
        {
            foreach (OpenApiMediaType media in operation.RequestBody?.Content?.Values ?? [])
                media.Example = JsonNode.Parse(example.Json);
        }

        foreach ((int status, string description) in Refusals)
        {
            string key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (operation.Responses.TryGetValue(key, out IOpenApiResponse? response))
                response.Description = description;
        }

        async Task AddProblemAsync(int status)
        {
            // Once in the components, however many calls refuse with it.
            if (context.Document?.Components?.Schemas?.ContainsKey(ProblemSchema) != true)
                context.Document!.AddComponent(ProblemSchema, await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancellationToken));
            operation.Responses!.TryAdd(
                status.ToString(System.Globalization.CultureInfo.InvariantCulture),
                new OpenApiResponse
                {
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, context.Document) },
                    },
                });
        }
    }

    private static void Add(
        OpenApiOperation operation, string name, ParameterLocation place, string description, string? example, bool required)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = place,
            Description = description,
            Required = required,
            Example = example is null ? null : JsonValue.Create(example),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
