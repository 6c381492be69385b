using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ThiDua.Documents.Papers;

/// <summary>What an operator may set under <c>Documents:Converter</c>; checked at start.</summary>
public sealed class ConverterSettings
{
    /// <summary>LibreOffice. The program <c>soffice.bin</c> is looked for beside it.</summary>
    [Required]
    public string Office { get; init; } = "/usr/bin/soffice";

    /// <summary>The Python that Debian's python3-uno belongs to.</summary>
    [Required]
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Where the workers keep their profiles; the system's temporary directory when empty.</summary>
    public string Directory { get; init; } = "";

    /// <summary>LibreOffices that run side by side; each takes about 200 MB.</summary>
    [Range(1, 32)]
    public int Workers { get; init; } = 2;

    /// <summary>Seconds after which a conversion is given up.</summary>
    [Range(1, 600)]
    public int TimeLimit { get; init; } = 60;

    /// <summary>Conversions after which a worker starts anew: LibreOffice never gives all of its memory back.</summary>
    [Range(1, 100_000)]
    public int ConversionsPerWorker { get; init; } = 200;
}

/// <summary>Generated from the attributes.</summary>
[OptionsValidator]
public sealed partial class ConverterSettingsValidator : IValidateOptions<ConverterSettings>;
