using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using UglyToad.PdfPig;

namespace ThiDua.Tests.Documents;

/// <summary>Signatures, verified by tools that are not ours: pdfsig (Poppler, NSS), openssl, qpdf.</summary>
public sealed class PaperSigningTests(PaperHost host) : IClassFixture<PaperHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_paper_verifies_with_standard_tools_and_a_changed_byte_does_not()
    {
        var (paper, head) = await SignedAsync("S1");
        using var _ = head;
        using var files = TemporaryDirectory.Create("thidua-signed-");
        string In(string name) => Path.Combine(files.Path, name);
        foreach (var (name, address) in new[] { ("paper.pdf", "pdf"), ("signed.pdf", "signed-pdf"), ("paper.p7s", "signature") })
        {
            await File.WriteAllBytesAsync(In(name), await head.GetByteArrayAsync(new Uri($"/api/v1/papers/{paper["id"]}/{address}", UriKind.Relative), Cancel), Cancel);
        }

        var seen = await ChildProcess.RunAsync(["pdfsig", "-nocert", In("signed.pdf")], ct: Cancel);
        Assert.Contains("Signature is Valid.", seen, StringComparison.Ordinal);
        Assert.Contains("Total document signed", seen, StringComparison.Ordinal);
        Assert.Contains("SHA-256", seen, StringComparison.Ordinal);
        Assert.Contains("No syntax or stream encoding errors", await ChildProcess.RunAsync(["qpdf", "--check", In("signed.pdf")], ct: Cancel), StringComparison.Ordinal);
        await ChildProcess.RunAsync(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", In("paper.p7s"), "-content", In("paper.pdf"), "-CAfile", Path.Combine(host.Storage, "authority.pem"), "-purpose", "any", "-out", "/dev/null"], ct: Cancel);

        var changed = await File.ReadAllBytesAsync(In("signed.pdf"), Cancel);
        Assert.True(EmbeddedSignature.IsIntact(changed));
        changed[changed.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(In("changed.pdf"), changed, Cancel);
        Assert.False(EmbeddedSignature.IsIntact(changed));
        Assert.DoesNotContain("Signature is Valid.", await ChildProcess.RunAsync(["sh", "-c", $"pdfsig -nocert '{In("changed.pdf")}' 2>&1 || true"], ct: Cancel), StringComparison.Ordinal);
        await File.AppendAllTextAsync(In("paper.pdf"), " ", Cancel);
        Assert.Contains("failure", await ChildProcess.RunAsync(["sh", "-c", $"openssl cms -verify -binary -inform DER -in '{In("paper.p7s")}' -content '{In("paper.pdf")}' -CAfile '{host.Storage}/authority.pem' -purpose any -out /dev/null 2>&1 || true"], ct: Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_signed_stays_as_it_is_and_says_whose_certificate_it_was()
    {
        var (paper, head) = await SignedAsync("S2");
        using var _ = head;
        Assert.Equal("SIGNED", (string?)paper["state"]);
        var signature = paper["signature"]!;
        Assert.Contains("SỞ NỘI VỤ (thử nghiệm)", (string)signature["certificate_subject"]!, StringComparison.Ordinal);
        Assert.Equal("CN=ThiDua Test Sub-CA", (string?)signature["certificate_issuer"]);
        Assert.True((bool)signature["test_certificate"]!); // no authority is official until the settings name it

        Assert.Contains("chứng thư thử nghiệm", (string)signature["statement"]!, StringComparison.Ordinal);

        (await head.PostJson($"papers/{paper["id"]}/sign", null, paper.ETag)).Expect(409, "already-signed");
        var address = new Uri($"/api/v1/papers/{paper["id"]}/signed-pdf", UriKind.Relative);
        Assert.Equal(await head.GetByteArrayAsync(address, Cancel), await head.GetByteArrayAsync(address, Cancel));
    }

    [Fact]
    public async Task The_page_shows_who_signed_when_and_where_to_ask()
    {
        var (paper, head) = await SignedAsync("S3");
        using var _ = head;
        var pdf = await head.GetByteArrayAsync(new Uri($"/api/v1/papers/{paper["id"]}/signed-pdf", UriKind.Relative), Cancel);
        using var files = TemporaryDirectory.Create("thidua-signed-");
        var file = Path.Combine(files.Path, "signed.pdf");
        await File.WriteAllBytesAsync(file, pdf, Cancel);
        await ChildProcess.RunAsync(["pdftoppm", "-r", "300", "-f", "1", "-l", "1", "-gray", file, Path.Combine(files.Path, "page")], ct: Cancel);
        var page = Directory.EnumerateFiles(files.Path, "page*.pgm").Single();
        Assert.Contains($"https://thidua.example.gov.vn/api/v1/paper-verifications/{paper["hash"]}", await ChildProcess.RunAsync(["zbarimg", "-q", "--raw", page], ct: Cancel), StringComparison.Ordinal);

        using var document = PdfDocument.Open(pdf);
        var annotations = document.GetPage(1).GetAnnotations().Where(annotation => annotation.Type == UglyToad.PdfPig.Annotations.AnnotationType.Widget).ToList();
        var place = Assert.Single(annotations).Rectangle;
        Assert.InRange(place.Right, 500, 595);
        Assert.InRange(place.Top, 800, 842);
    }

    [Fact]
    public async Task A_wide_table_is_signed_within_its_page()
    {
        var season = await host.DecidedAsync("S5");
        using var leader = host.Head(season.Cluster.Leader);
        (await host.IssueAsync((await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201), by: leader)).Expect(200);
        var table = (await host.IssueAsync((await host.DraftAsync(season, "SCORE_SUMMARY", cluster: "C01")).Expect(201), by: leader)).Expect(200);
        (await leader.PostJson($"papers/{table["id"]}/sign", null, table.ETag)).Expect(200);
        using var document = PdfDocument.Open(await leader.GetByteArrayAsync(new Uri($"/api/v1/papers/{table["id"]}/signed-pdf", UriKind.Relative), Cancel));
        var page = document.GetPage(1);
        Assert.True(page.Width > page.Height);
        var place = Assert.Single(page.GetAnnotations(), annotation => annotation.Type == UglyToad.PdfPig.Annotations.AnnotationType.Widget).Rectangle;
        Assert.InRange(place.Right, page.Width - 60, page.Width);
        Assert.InRange(place.Top, page.Height - 40, page.Height);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_stops_the_service_at_its_start()
    {
        PaperSigner Signer(string file, string password) =>
            new(Options.Create(new SigningSettings { Certificate = Path.Combine(host.Storage, file), Password = password }), TimeProvider.System);
        Assert.ThrowsAny<CryptographicException>(() => Signer("signer.p12", "wrong"));
        Assert.Throws<InvalidOperationException>(() => Signer("no-key.p12", TestCertificate.Password));
        Assert.ThrowsAny<CryptographicException>(() => Signer("nowhere.p12", TestCertificate.Password));
        Assert.Throws<InvalidOperationException>(() => new PaperSigner(
            Options.Create(new SigningSettings { Certificate = Path.Combine(host.Storage, "signer.p12"), Password = TestCertificate.Password }),
            new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(101))));
    }

    private async Task<(ApiAnswer Paper, HttpClient Head)> SignedAsync(string code)
    {
        var season = await host.DecidedAsync(code);
        var issued = (await host.IssueAsync((await host.DraftAsync(season, "PROVINCIAL_FLAG_SUBMISSION")).Expect(201))).Expect(200);
        var head = host.As(Roles.AppraisalHead);
        return ((await head.PostJson($"papers/{issued["id"]}/sign", null, issued.ETag)).Expect(200), head);
    }
}

/// <summary>Without a certificate nothing is signed, and everything else works.</summary>
public sealed class PaperWithoutCertificateTests(PaperWithoutCertificateTests.Bare host) : IClassFixture<PaperWithoutCertificateTests.Bare>
{
    public sealed class Bare(Servers servers) : PaperHost(servers)
    {
        protected override void Configure(IDictionary<string, string> settings)
        {
            base.Configure(settings);
            settings.Remove("Documents:Signing:Certificate");
        }
    }

    [Fact]
    public async Task Signing_says_that_there_is_none()
    {
        var season = await host.DecidedAsync("S4");
        var issued = (await host.IssueAsync((await host.DraftAsync(season, "PROVINCIAL_FLAG_SUBMISSION")).Expect(201))).Expect(200);
        using var head = host.As(Roles.AppraisalHead);
        (await head.PostJson($"papers/{issued["id"]}/sign", null, issued.ETag)).Expect(409, "no-certificate");
        Assert.Equal("ISSUED", (string?)(await head.GetJson($"papers/{issued["id"]}")).Expect(200)["state"]);
    }
}
