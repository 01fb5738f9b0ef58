namespace Opaline.Analytics;

/// <summary>What an account was charged on one day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Charges">How many charges.</param>
/// <param name="NanoRho">Their sum, ρ in billionths; of an account with blocks, whichever blocks they were for.</param>
/// <param name="AttoDelta">Their sum, δ in 1e-18.</param>
public sealed record DaySpend(DateOnly Day, long Charges, long NanoRho, long AttoDelta);
