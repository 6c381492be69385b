using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Makes PDFs with a pool of LibreOffices that stay warm. A file that LibreOffice cannot read fails alone; a worker that dies takes one conversion
/// with it, which is tried once more; a worker that hangs is killed and its file refused, because it would hang the next one too.
/// </summary>
public sealed class PdfConverter(IOptions<ConverterSettings> options, TimeProvider clock, ILogger<PdfConverter> log) : IAsyncDisposable
{
    private readonly ConverterSettings _settings = options.Value;
    private readonly Channel<ConverterWorker?> _idle = Filled(options.Value.Workers);

    /// <summary>Whether the programs are there. Without them papers are still made as docx.</summary>
    public bool IsAvailable => ConverterWorker.OfficeProgram(_settings) is not null && File.Exists(_settings.Python);

    /// <summary>The paper as PDF/A-2b.</summary>
    /// <exception cref="RuleViolationException"><c>converter-missing</c>, <c>conversion-failed</c>, <c>conversion-timeout</c>.</exception>
    public async Task<byte[]> ConvertAsync(byte[] docx, CancellationToken ct)
    {
        if (!IsAvailable)
        {
            throw new RuleViolationException("converter-missing", "Máy chủ chưa cài LibreOffice (libreoffice-writer-nogui, python3-uno) nên chưa tạo được PDF; vẫn tải được văn bản .docx.");
        }

        // An empty file would be taken for a new document.
        if (!docx.AsSpan().StartsWith("PK"u8))
        {
            throw Failed("no zip archive");
        }

        for (var attempt = 1; ; attempt++)
        {
            var worker = await _idle.Reader.ReadAsync(ct);
            var isUsable = false;
            try
            {
                worker ??= await ConverterWorker.StartAsync(_settings, clock, ct);
                var (pdf, answer) = await worker.ConvertAsync(docx, clock, ct);
                isUsable = pdf is not null && worker.Conversions < _settings.ConversionsPerWorker;
                return pdf ?? throw Failed(answer);
            }
            catch (TimeoutException)
            {
                log.LogWarning("A conversion was given up after {Seconds} s", _settings.TimeLimit);
                throw new RuleViolationException("conversion-timeout", $"Chuyển sang PDF quá {_settings.TimeLimit} giây nên đã dừng.");
            }
            catch (IOException reason) when (attempt == 1)
            {
                log.LogWarning(reason, "A LibreOffice ended in the middle of a conversion, which is tried once more");
            }
            catch (IOException reason)
            {
                throw Failed(reason.Message);
            }
            finally
            {
                if (!isUsable && worker is not null)
                {
                    await worker.DisposeAsync();
                    worker = null;
                }

                _idle.Writer.TryWrite(worker);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _idle.Writer.TryComplete();
        await foreach (var worker in _idle.Reader.ReadAllAsync())
        {
            if (worker is not null)
            {
                await worker.DisposeAsync();
            }
        }
    }

    // Why is for the log: what LibreOffice says is in English and about its insides.
    private RuleViolationException Failed(string answer)
    {
        log.LogWarning("LibreOffice could not convert a paper: {Answer}", answer);
        return new RuleViolationException("conversion-failed", "LibreOffice không chuyển được văn bản này sang PDF.");
    }

    // An empty place is a worker that is started when its turn comes. First in, first out would start all of them; one is often enough.
    private static Channel<ConverterWorker?> Filled(int count)
    {
        var channel = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<ConverterWorker?> { Comparer = Comparer<ConverterWorker?>.Create((left, right) => (left is null).CompareTo(right is null)) });
        for (var place = 0; place < count; place++)
        {
            channel.Writer.TryWrite(null);
        }

        return channel;
    }
}
