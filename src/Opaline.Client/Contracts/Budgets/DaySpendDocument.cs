namespace Opaline.Client.Contracts;

/// <summary>What an account was charged on one day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Charges">How many charges.</param>
/// <param name="NanoRho">Their sum in ρ (units of 1e-9); of a dataset with a period unit, whichever blocks they were for.</param>
/// <param name="Delta">Their sum in δ of key selection.</param>
public sealed record DaySpendDocument(DateOnly Day, long Charges, long NanoRho, double Delta);
