namespace Opaline.DifferentialPrivacy;

/// <summary>How a privacy loss that lies between two points of a grid is put on the grid. Both ways only ever overstate.</summary>
public enum LossRounding
{
    /// <summary>
    /// Split between both neighbours so that both laws keep their mass: δ(ε) is exact on the grid, and between its points a chord in e^ε
    /// (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi, Connect the Dots, 2022, arXiv 2207.04380).
    /// </summary>
    ConnectTheDots,

    /// <summary>All to the upper neighbour: simpler, and looser.</summary>
    Up,
}
