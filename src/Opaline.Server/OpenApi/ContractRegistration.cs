using Opaline.Client.Contracts;

namespace Opaline.Server.OpenApi;

/// <summary>Adds <c>/openapi/v1.json</c>.</summary>
internal static class ContractRegistration
{
    public static IServiceCollection AddContract(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, OpalineJson.Resolver);
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        return services.AddOpenApi("v1", contract =>
        {
            contract.AddDocumentTransformer<ContractDocument>();
            contract.AddOperationTransformer<ContractOperation>();
        });
    }
}
