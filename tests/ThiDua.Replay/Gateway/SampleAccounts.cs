using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ThiDua.Replay.Gateway;

/// <summary>
/// The accounts that a replay acts as. Their secrets follow from the administrator's, so that any number of replays and
/// people at the same system agree on them without keeping them anywhere.
/// </summary>
public sealed partial class SampleAccounts(string adminSecret)
{
    public const string AdminId = "admin";
    public const string AppraiserId = "agency-appraiser";
    public const string HeadId = "agency-head";
    public const string SecretaryId = "council-secretary";

    private const int SecretLength = 32;

    /// <summary>The account of a unit: its code, or a digest of one that an account's name cannot hold.</summary>
    public static string UnitId(string unitCode) => AccountName().IsMatch(unitCode)
        ? $"unit-{unitCode}"
        : $"unit-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(unitCode)))[..SecretLength]}";

    /// <summary>The secret of an account: the administrator's own, or one derived from it and the account's name.</summary>
    public string SecretOf(string id)
    {
        if (id == AdminId)
        {
            return adminSecret;
        }

        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(adminSecret), Encoding.UTF8.GetBytes($"thidua-account:{id}"));
        return Convert.ToBase64String(mac).Replace('+', '-').Replace('/', '_')[..SecretLength];
    }

    /// <summary>The clients of the standing agency and of the council's secretary.</summary>
    public IEnumerable<JsonObject> AgencyClients() =>
    [
        Account(AppraiserId, "CLIENT", "Chuyên viên cơ quan thường trực", ["appraiser"]),
        Account(HeadId, "CLIENT", "Lãnh đạo cơ quan thường trực", ["appraisal_head"]),
        Account(SecretaryId, "CLIENT", "Thư ký Hội đồng Thi đua - Khen thưởng", ["council_secretary"]),
    ];

    /// <summary>The client of one unit: its clerk and its head in one.</summary>
    public JsonObject UnitClient(string unitCode, string unitName)
    {
        var account = Account(UnitId(unitCode), "CLIENT", unitName, ["unit_clerk", "unit_head"]);
        account["unit"] = unitCode;
        return account;
    }

    /// <summary>People who sign in with a password, for whoever tries the running system by hand.</summary>
    public IEnumerable<JsonObject> People() =>
    [
        Account("chuyenvien", "PERSON", "Chuyên viên thẩm định", ["appraiser"]),
        Account("lanhdao", "PERSON", "Lãnh đạo cơ quan thường trực", ["appraisal_head"]),
        Account("giamsat", "PERSON", "Trực vận hành, giám sát", ["auditor"]),
    ];

    [GeneratedRegex("^[A-Za-z0-9._-]{1,59}$")]
    private static partial Regex AccountName();

    private JsonObject Account(string id, string kind, string name, string[] roles) => new()
    {
        ["id"] = id,
        ["kind"] = kind,
        ["name"] = name,
        ["secret"] = SecretOf(id),
        ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
    };
}
