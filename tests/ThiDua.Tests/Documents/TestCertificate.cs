using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThiDua.Tests.Documents;

/// <summary>A certificate made for one run, with two authorities above it made for the same run: nobody outside trusts any of them.</summary>
public static class TestCertificate
{
    public const string Password = "of-the-tests";

    /// <summary>Writes <c>signer.p12</c> (with the authority in the middle), <c>no-key.p12</c> and <c>authority.pem</c> (the root).</summary>
    public static void Write(string directory, string subject = "CN=SỞ NỘI VỤ (thử nghiệm), O=ThiDua Test")
    {
        var (from, to) = (DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest("CN=ThiDua Test CA", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var middleKey = RSA.Create(2048);
        var middleRequest = new CertificateRequest("CN=ThiDua Test Sub-CA", middleKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        middleRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        middleRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var middle = middleRequest.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
        using var middleWithKey = middle.CopyWithPrivateKey(middleKey);

        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, true));
        using var signed = request.Create(middleWithKey, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        File.WriteAllBytes(Path.Combine(directory, "signer.p12"), new X509Certificate2Collection { withKey, middle }.Export(X509ContentType.Pkcs12, Password)!);
        File.WriteAllBytes(Path.Combine(directory, "no-key.p12"), new X509Certificate2Collection { middle }.Export(X509ContentType.Pkcs12, Password)!);
        File.WriteAllText(Path.Combine(directory, "authority.pem"), authority.ExportCertificatePem());
    }
}
