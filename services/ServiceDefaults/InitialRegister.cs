using System.Text.Json;
using ThiDua.Contracts.Clusters;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Sổ văn bản that the product comes with, in the form of the facts that tell of it. Each service that keeps a copy starts with it,
/// because at the first start nobody can know whether the others already listen; what changes later comes as a message.
/// </summary>
public static class InitialRegister
{
    /// <typeparam name="T">The fact, or the type of the service that owns the register.</typeparam>
    public static IReadOnlyList<T> Read<T>()
    {
        var json = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(json);
        using var file = typeof(InitialRegister).Assembly.GetManifestResourceStream("legal-instruments.json")
            ?? throw new InvalidOperationException("legal-instruments.json is not in the assembly.");
        return JsonSerializer.Deserialize<IReadOnlyList<T>>(file, json)!;
    }

    /// <summary>The register as citations are checked against it.</summary>
    public static ILookup<string, CitableInstrument> ToCitable(this IReadOnlyCollection<LegalInstrumentRegistered> register)
    {
        var numbers = register.ToDictionary(instrument => instrument.Code, instrument => instrument.Number, StringComparer.Ordinal);
        return Citations.ByNumber(register.Select(instrument => new CitableInstrument(
            instrument.Code, instrument.Number, instrument.IssuedOn, instrument.InForceFrom, instrument.InForceTo, instrument.DatesVerified,
            [.. instrument.ReplacedBy.Select(code => numbers.GetValueOrDefault(code, code))],
            [.. instrument.Fragments.Select(fragment => new CitableFragment(fragment.Provision, fragment.Text, fragment.Verified ? null : fragment.Reason ?? "Nội dung đã lưu chưa được kiểm chứng."))])));
    }
}
