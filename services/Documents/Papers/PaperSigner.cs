using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using PdfSharp.Pdf.IO;
using PdfSharp.Pdf.Signatures;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Both signatures of a PDF.</summary>
/// <param name="Pdf">The file with its signature in it.</param>
/// <param name="Detached">A CMS signature (PKCS #7, DER) of the PDF as it was before.</param>
/// <param name="Certificate">Whose they are.</param>
/// <param name="IsTest">The certificate is not one of an official authority.</param>
public sealed record SignedPdf(byte[] Pdf, byte[] Detached, X509Certificate2 Certificate, bool IsTest);

/// <summary>
/// Signs papers with the certificate of the settings. What it made it verifies before anybody sees it. There is no time stamp of an authority: the
/// time in the signature is this server's.
/// </summary>
public sealed class PaperSigner : IDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2Collection _chain = [];
    private readonly SigningSettings _settings;
    private readonly TimeProvider _clock;

    public PaperSigner(IOptions<SigningSettings> settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings.Value, clock);
        if (_settings.Certificate.Length == 0)
        {
            return;
        }

        // What else the file has are the certificates between ours and its authority: whoever verifies needs them too.
        _chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(_settings.Certificate, _settings.Password);
        _certificate = _chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new InvalidOperationException($"Documents:Signing:Certificate {_settings.Certificate} has no private key.");
        _chain.Remove(_certificate);
        if (_certificate.NotAfter.ToUniversalTime() < _clock.GetUtcNow())
        {
            throw new InvalidOperationException($"Documents:Signing:Certificate {_settings.Certificate} expired on {_certificate.NotAfter:O}.");
        }

        if (!File.Exists(_settings.Font))
        {
            throw new InvalidOperationException($"Documents:Signing:Font {_settings.Font} is not there (Debian: fonts-liberation2).");
        }

        SignatureFont.Use(_settings.Font);
    }

    public bool HasCertificate => _certificate is not null;

    /// <param name="pdf">As it was made.</param>
    /// <param name="agency">Cơ quan ban hành; it stands in the signature on the page.</param>
    /// <exception cref="RuleViolationException"><c>no-certificate</c>: none was set, or it is not valid today.</exception>
    public async Task<SignedPdf> SignAsync(byte[] pdf, string agency)
    {
        var certificate = Usable();
        using var source = new MemoryStream(pdf, writable: false);
        using var document = PdfReader.Open(source, PdfDocumentOpenMode.Modify);
        var at = _clock.GetUtcNow().ToVietnam();
        var page = document.Pages[0];
        DigitalSignatureHandler.ForDocument(document, new PdfSharpDefaultSigner(certificate, PdfMessageDigestType.SHA256), new DigitalSignatureOptions
        {
            Reason = "Ban hành văn bản",
            Location = agency,
            AppName = "ThiDua",
            PageIndex = 0,
            Rectangle = SignatureOnPage.Place(page),
            AppearanceHandler = new SignatureOnPage(agency, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), at),
        });
        using var signed = new MemoryStream();
        await document.SaveAsync(signed, closeStream: false);

        var detached = new SignedCms(new ContentInfo(pdf), detached: true);
        var signer = new CmsSigner(certificate) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), IncludeOption = X509IncludeOption.EndCertOnly };
        signer.Certificates.AddRange(_chain);
        signer.SignedAttributes.Add(new Pkcs9SigningTime(at.UtcDateTime));
        detached.ComputeSignature(signer);

        var made = new SignedPdf(signed.ToArray(), detached.Encode(), certificate, !_settings.OfficialIssuers.Contains(certificate.Issuer));
        if (!EmbeddedSignature.IsIntact(made.Pdf) || !IsOf(pdf, made.Detached))
        {
            throw new InvalidOperationException("A signature that was just made does not verify.");
        }

        return made;
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        foreach (var certificate in _chain)
        {
            certificate.Dispose();
        }
    }

    private X509Certificate2 Usable()
    {
        var now = _clock.GetUtcNow();
        return _certificate is { } certificate && certificate.NotBefore.ToUniversalTime() <= now && now <= certificate.NotAfter.ToUniversalTime()
            ? certificate
            : throw new RuleViolationException(
                "no-certificate",
                _certificate is null ? "Chưa cài đặt chứng thư số để ký văn bản." : $"Chứng thư số chỉ có hiệu lực từ {Day(_certificate.NotBefore)} đến {Day(_certificate.NotAfter)}.");
    }

    private static string Day(DateTime moment) => $"{VietnamDate.Of(new DateTimeOffset(moment)):dd/MM/yyyy}";

    private static bool IsOf(byte[] content, byte[] signature)
    {
        var cms = new SignedCms(new ContentInfo(content), detached: true);
        cms.Decode(signature);
        try
        {
            cms.CheckSignature(verifySignatureOnly: true);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A certificate that cannot be read is a mistake of the settings: the service does not start with it.</summary>
internal sealed class SignerAtStart(PaperSigner signer, ILogger<SignerAtStart> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("Papers are signed: {Signs}", signer.HasCertificate);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
