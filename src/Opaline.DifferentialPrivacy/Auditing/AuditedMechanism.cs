namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A mechanism under audit: fills a batch with the outputs of independent runs on one input. A run owns <see cref="AuditOptions.Width"/>
/// numbers in a row, so that the batch holds <c>outputs.Length / Width</c> runs. A run with fewer outputs, or one that stops early, writes
/// symbols that occur nowhere else in their place: NaN and the two infinities are told apart from each other and from every number.
/// Categories are numbered.
/// </summary>
/// <typeparam name="TInput">What the mechanism computes on.</typeparam>
/// <param name="input">One of the two neighbouring inputs; called from several threads at once.</param>
/// <param name="outputs">Where the outputs go, run after run.</param>
public delegate void AuditedMechanism<in TInput>(TInput input, Span<double> outputs);
