namespace Opaline.Ingestion;

/// <summary>The events of a body that keep to the rules, and the faults of the others.</summary>
internal sealed class ParsedBatch
{
    private const int ListedErrors = 100;

    public List<ParsedEvent> Events { get; } = [];

    /// <summary>The values of all events, one after another.</summary>
    public List<Cell> Cells { get; } = [];

    /// <summary>The first faults.</summary>
    public List<EventError> Errors { get; } = [];

    /// <summary>How many events were refused.</summary>
    public int Rejected { get; private set; }

    /// <summary>How many of them were not well-formed JSON.</summary>
    public int Malformed { get; private set; }

    /// <summary>Events seen so far.</summary>
    public int Seen => Events.Count + Rejected;

    /// <summary>Takes events out, given by their places in <see cref="Events"/>; their values stay behind and belong to nobody.</summary>
    public void Forget(IReadOnlySet<int> places)
    {
        for (int i = Events.Count - 1; i >= 0; i--)
        {
            if (places.Contains(i))
                Events.RemoveAt(i);
        }
    }

    public void Refuse(int index, EventFault fault)
    {
        Rejected++;
        if (Errors.Count < ListedErrors)
            Errors.Add(new EventError(index, fault.Path, fault.Reason));
    }

    public void RefuseMalformed(int index)
    {
        Malformed++;
        Refuse(index, new EventFault("$", "is not well-formed JSON"));
    }
}
