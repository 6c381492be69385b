using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ThiDua.Spreadsheets;

/// <summary>
/// A workbook that came as the whole body of a request, read within its endpoint's limits or refused. It is bound as a parameter, so that
/// it is read before the endpoint's transaction begins: a slow sender holds no connection of the database.
/// </summary>
public sealed class WorkbookBody
{
    private const int BufferSize = 81_920;

    private WorkbookBody(Workbook workbook) => Workbook = workbook;

    public Workbook Workbook { get; }

    /// <summary>Bound by the framework into endpoints <see cref="WorkbookEndpoints.WithWorkbookBody"/>; an upload cut off by its sender is the framework's refusal.</summary>
    /// <exception cref="BadHttpRequestException">415: the body is declared as something else.</exception>
    public static async ValueTask<WorkbookBody> BindAsync(HttpContext context)
    {
        var limits = context.GetEndpoint()!.Metadata.GetRequiredMetadata<WorkbookLimits>();
        using var file = await ReadAsync(context.Request, limits, context.RequestAborted);
        return new WorkbookBody(WorkbookReader.Read(file, limits));
    }

    private static async Task<MemoryStream> ReadAsync(HttpRequest request, WorkbookLimits limits, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(WorkbookBuilder.ContentType, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("The body is no workbook.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.Body.CanSeek)
        {
            request.Body.Position = 0; // who carries an Idempotency-Key was read once already
        }

        var file = new MemoryStream();
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (file.Length + read > limits.FileBytes)
            {
                throw WorkbookRefusal.TooLarge(limits.FileBytes);
            }

            file.Write(buffer, 0, read);
        }

        file.Position = 0;
        return file;
    }
}
