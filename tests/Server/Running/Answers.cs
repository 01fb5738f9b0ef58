using System.Net;
using System.Net.Http.Json;
using Opaline.Client.Contracts;

namespace Opaline.Server.Tests.Running;

/// <summary>Reads answers.</summary>
internal static class Answers
{
    /// <summary>The problem that the answer is, after checking that it has the form of one.</summary>
    public static async Task<ProblemDocument> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string? code = null)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        ProblemDocument problem = (await response.Content.ReadFromJsonAsync<ProblemDocument>(OpalineJson.Options))!;
        Assert.Equal((int)status, problem.Status);
        Assert.False(string.IsNullOrWhiteSpace(problem.Title));
        Assert.StartsWith("https://", problem.Type, StringComparison.Ordinal);
        Assert.Matches("^[a-z0-9_]+$", problem.Code);
        Assert.True(problem.Detail?.Length > 15, "The detail says nothing.");
        if (code is not null)
            Assert.Equal(code, problem.Code);
        return problem;
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(text, OpalineJson.Options)!;
    }
}
