namespace Opaline.Analytics;

/// <summary>A count or a sum of a release.</summary>
/// <param name="Canonical">What is added up.</param>
/// <param name="Column">The place of its number in a row.</param>
/// <param name="Mechanism">Its noise.</param>
/// <param name="Parameter">The parameter of its noise, as <see cref="NoiseScale.Text"/>.</param>
internal sealed record RollUpMeasure(string Canonical, int Column, NoiseMechanism Mechanism, string Parameter)
{
    public static RollUpMeasure Of(Component component, int column) => new(component.Shape.Canonical, column, component.Noise.Mechanism, component.Noise.Text);

    /// <summary>Its noise.</summary>
    public NoiseScale Noise() => NoiseScale.Read(Mechanism, Parameter);
}
