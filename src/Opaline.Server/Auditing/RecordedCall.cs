using Opaline.Analytics;

namespace Opaline.Server.Auditing;

/// <summary>A call of a service that records all that it answers or refuses, with plan and cost; what breaks otherwise is recorded on the way out.</summary>
internal static class RecordedCall
{
    public static async Task<T> RecordedAsync<T>(this HttpContext context, Task<T> call)
    {
        try
        {
            T result = await call;
            CallRecorder.MarkRecorded(context);
            return result;
        }
        catch (Exception refusal) when (refusal is QueryRefusedException or BudgetExhaustedException or EngineFailureException)
        {
            CallRecorder.MarkRecorded(context);
            throw;
        }
    }
}
