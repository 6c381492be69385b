using System.Text.RegularExpressions;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway.Operations;

/// <summary>Sổ tay xử lý: the runbooks of docs/runbooks, which every build of the gateway carries.</summary>
public sealed partial class Runbooks
{
    private static readonly MarkdownPipeline s_markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().DisableHtml().Build();

    private readonly Dictionary<string, string> _files;

    public Runbooks(IOptions<GatewaySettings> settings)
    {
        var directory = settings.Value.Operations.RunbookDirectory ?? Path.Combine(AppContext.BaseDirectory, "runbooks");
        _files = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*.md").ToDictionary(file => Key(Path.GetFileNameWithoutExtension(file)), StringComparer.Ordinal)
            : [];
    }

    public IEnumerable<string> Names => _files.Values.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>The runbook that an alert's annotation points to, else the one named for the alert; null when there is neither.</summary>
    public string? NameFor(string? annotation, string alert) =>
        new[] { annotation is null ? null : LastSegment().Match(annotation).Groups[1].Value, alert }
            .Where(name => name is { Length: > 0 })
            .Select(name => _files.GetValueOrDefault(Key(name!)))
            .Where(file => file is not null)
            .Select(Path.GetFileNameWithoutExtension)
            .FirstOrDefault();

    /// <summary>A runbook's title and body as HTML; null when there is none of this name.</summary>
    public async Task<(string Title, MarkupString Body)?> ReadAsync(string name, CancellationToken ct)
    {
        if (!_files.TryGetValue(Key(name), out var file))
        {
            return null;
        }

        var document = Markdown.Parse(await File.ReadAllTextAsync(file, ct), s_markdown);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Redirect(link);
        }

        var heading = document.Descendants<HeadingBlock>().FirstOrDefault(block => block.Level == 1);
        var title = heading?.Inline is { } inline ? string.Concat(inline.Descendants<LiteralInline>().Select(literal => literal.Content.ToString())) : name;
        if (heading is not null)
        {
            document.Remove(heading); // the page has it as its own
        }

        await using var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        s_markdown.Setup(renderer);
        renderer.Render(document);
        return (title, new MarkupString(html.ToString()));
    }

    // Other runbooks are here; other files of the repository and other hosts are not, and stay as their words.
    private void Redirect(LinkInline link)
    {
        if (link.Url is { } url && (url.StartsWith('#') || NameFor(url, "") is not null))
        {
            link.Url = url.StartsWith('#') ? url : $"/ops/runbooks/{NameFor(url, "")}";
            return;
        }

        link.MoveChildrenAfter(link);
        link.Remove();
    }

    private static string Key(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"([^/#?]+?)(?:\.md)?/?(?:[#?].*)?$")]
    private static partial Regex LastSegment();
}
