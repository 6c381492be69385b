using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ThiDua.Documents.Papers;

/// <summary>What an operator may set under <c>Documents:Signing</c>; the certificate is read at start.</summary>
public sealed class SigningSettings
{
    /// <summary>A PKCS #12 file with certificate and private key. Empty: nothing is signed here.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Of that file.</summary>
    public string Password { get; init; } = "";

    /// <summary>Distinguished names of the authorities that are official. A certificate of any other is called a test certificate wherever it shows.</summary>
    public IReadOnlyList<string> OfficialIssuers { get; init; } = [];

    /// <summary>The font in which the signature is written on the page; its letters must include the Vietnamese ones.</summary>
    [Required]
    public string Font { get; init; } = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf";
}

/// <summary>Generated from the attributes.</summary>
[OptionsValidator]
public sealed partial class SigningSettingsValidator : IValidateOptions<SigningSettings>;
