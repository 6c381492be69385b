using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;

namespace ThiDua.Identity.Domain;

/// <summary>What an account must be like, whoever enters it: no clock, no database.</summary>
public static partial class AccountRules
{
    private const int ShortestClientSecret = 20;
    private const int ShortestPassword = 8;
    private const int ShortestPassphrase = 16;
    private const int LongestSecret = 256;
    private const int FewestDistinctCharacters = 6;

    private static readonly HashSet<string> s_rolesWithoutScores = [Roles.Admin, Roles.DataProvider, Roles.Auditor];

    /// <summary>Ids of people are lower case, so that a name typed with a capital is still theirs.</summary>
    public static bool IsWellFormedId(string id, AccountKind kind) =>
        WellFormedId().IsMatch(id) && (kind == AccountKind.Client || !id.Any(char.IsAsciiLetterUpper));

    /// <summary>
    /// A client's secret is random and at least 20 characters; a password has at least 8 characters of four classes
    /// (lower, upper, digit, other), or at least 16 of any class.
    /// </summary>
    public static bool IsStrong(string secret, AccountKind kind)
    {
        if (secret.Length > LongestSecret || secret.Distinct().Count() < FewestDistinctCharacters)
        {
            return false;
        }

        return kind == AccountKind.Client
            ? secret.Length >= ShortestClientSecret
            : secret.Length >= ShortestPassphrase || (secret.Length >= ShortestPassword && HasFourClasses(secret));
    }

    /// <summary>SoD-5: who administers the system takes no part in scoring and deciding.</summary>
    public static bool AdministersAndScores(IReadOnlyCollection<string> roles) =>
        roles.Contains(Roles.Admin) && roles.Any(role => !s_rolesWithoutScores.Contains(role));

    public static bool NeedsUnit(IEnumerable<string> roles) => roles.Any(role => role is Roles.UnitClerk or Roles.UnitHead);

    private static bool HasFourClasses(string secret) =>
        secret.Any(char.IsLower) && secret.Any(char.IsUpper) && secret.Any(char.IsDigit) && secret.Any(character => !char.IsLetterOrDigit(character));

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex WellFormedId();
}
