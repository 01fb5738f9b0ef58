namespace Opaline.Analytics;

/// <summary>Neighbouring blocks that have paid the same.</summary>
internal readonly record struct BlockCharge(BlockInterval Blocks, long NanoRho, long AttoDelta);
