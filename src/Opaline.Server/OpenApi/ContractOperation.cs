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
        foreach (OpenApiMediaType media in operation.RequestBody?.Content?.Values ?? [])
        {
            await AddFormsAsync(media);
            AddExamples(media, [.. metadata.OfType<BodyExample>()]);
        }

        foreach ((int status, string description) in Refusals)
        {
            string key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (operation.Responses.TryGetValue(key, out IOpenApiResponse? response))
                response.Description = description;
        }

        async Task AddFormsAsync(OpenApiMediaType media)
        {
            List<IOpenApiSchema> forms = [];
            foreach (BodyForm form in metadata.OfType<BodyForm>())
                forms.Add(await ReferenceAsync(form.Contract));
            if (forms.Count > 0)
                media.Schema = new OpenApiSchema { OneOf = [.. forms, media.Schema!] };
        }

        // Once in the components, however many calls have it.
        async Task<OpenApiSchemaReference> ReferenceAsync(Type contract)
        {
            if (context.Document?.Components?.Schemas?.ContainsKey(contract.Name) != true)
                context.Document!.AddComponent(contract.Name, await context.GetOrCreateSchemaAsync(contract, null, cancellationToken));
            return new OpenApiSchemaReference(contract.Name, context.Document);
        }

        async Task AddProblemAsync(int status)
        {
            OpenApiSchemaReference problem = await ReferenceAsync(typeof(ProblemDocument));
            operation.Responses!.TryAdd(
                status.ToString(System.Globalization.CultureInfo.InvariantCulture),
                new OpenApiResponse
                {
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/problem+json"] = new() { Schema = problem },
                    },
                });
        }
    }

    private static void AddExamples(OpenApiMediaType media, BodyExample[] examples)
    {
        if (examples is [{ Name: null } only])
        {
            media.Example = JsonNode.Parse(only.Json);
            return;
        }

        foreach (BodyExample example in examples)
        {
            media.Examples ??= new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
            media.Examples[example.Name ?? "example"] = new OpenApiExample { Summary = example.Summary, Value = JsonNode.Parse(example.Json) };
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
