namespace Opaline.Analytics;

/// <summary>Neighbouring blocks that have paid the same.</summary>
internal readonly record struct BlockTotal(BlockInterval Blocks, long NanoRho, long AttoDelta);
