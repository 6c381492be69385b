using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Changes within the parts of a JSON web token: other algorithms, other claims, other signatures, each well-formed more often than not.</summary>
internal sealed class TokenMutation(Random random, ByteMutation bytes, JsonMutation json)
{
    private static readonly string[] s_algorithms = ["none", "NONE", "HS256", "HS512", "RS256", "RS512", "PS256", "ES256", "EdDSA", "dir", "RSA-OAEP", "A128KW", ""];

    public byte[] Change(byte[] input, byte[] other)
    {
        var text = Encoding.UTF8.GetString(input);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var parts = text[(space + 1)..].Split('.');
        if (random.Next(4) == 0 || parts.Length < 3)
        {
            return bytes.Change(input, other);
        }

        var at = random.Next(parts.Length);
        switch (random.Next(7))
        {
            case 0:
                parts[0] = Encode($$"""{"alg":"{{s_algorithms[random.Next(s_algorithms.Length)]}}","typ":"at+jwt","kid":"tests"}""");
                parts[2] = random.Next(2) == 0 ? "" : Encode(RandomNumberGenerator.GetBytes(random.Next(300)));
                break;
            case 1:
                parts[0] = Encode($$$"""{"alg":"RS256","typ":"at+jwt","{{{bytes.Word().Replace("\"", "", StringComparison.Ordinal)}}}":{"kty":"RSA","n":"AQAB","e":"AQAB"}}""");
                break;
            case 2:
                parts = [.. parts, .. Enumerable.Repeat(parts[at], random.Next(1, 4))];
                break;
            case 3:
                parts[at] = Encoding.UTF8.GetString(other).Split('.').ElementAtOrDefault(at) ?? "";
                break;
            default:
                parts[at] = Encode(at < 2 ? json.Change(Decode(parts[at]), "{}"u8.ToArray()) : bytes.Change(Decode(parts[at]), other));
                break;
        }

        return Encoding.UTF8.GetBytes((random.Next(20) == 0 ? bytes.Word() : text[..(space + 1)]) + string.Join('.', parts));
    }

    private static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Encode(byte[] content) => Base64UrlEncoder.Encode(content);

    private static byte[] Decode(string part)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(part);
        }
        catch (Exception reason) when (reason is FormatException or ArgumentException)
        {
            return Encoding.UTF8.GetBytes(part);
        }
    }
}
