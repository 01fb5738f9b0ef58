using System.Text;
using Microsoft.Extensions.Logging;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>Everything that anybody logs, at every level, exceptions included.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly StringBuilder _text = new();

    public byte[] ToUtf8()
    {
        lock (_text)
            return Encoding.UTF8.GetBytes(_text.ToString());
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        lock (_text)
            _text.Append(state).Append('\n');
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_text)
            _text.Append(formatter(state, exception)).Append(' ').Append(exception).Append('\n');
    }

    public void Dispose()
    {
    }
}
