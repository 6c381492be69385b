using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThiDua.Tests.Documents;

/// <summary>A certificate made for one run, signed by an authority made for the same run: nobody outside trusts either.</summary>
public static class TestCertificate
{
    public const string Password = "of-the-tests";

    /// <summary>Writes <c>signer.p12</c> and <c>authority.pem</c>.</summary>
    public static void Write(string directory, string subject = "CN=SỞ NỘI VỤ (thử nghiệm), O=ThiDua Test")
    {
        var (from, to) = (DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest("CN=ThiDua Test CA", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, true));
        using var signed = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        File.WriteAllBytes(Path.Combine(directory, "signer.p12"), withKey.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(Path.Combine(directory, "authority.pem"), authority.ExportCertificatePem());
    }
}
