using ThiDua.Clusters.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>The row “audit trail” of the layer matrix in the clusters service: a unit's own record, and its cluster's.</summary>
public sealed class ClustersAuditTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Fact]
    public async Task A_units_record_is_read_by_itself_by_who_leads_it_and_by_the_agency()
    {
        using var head = host.As([Roles.Admin, Roles.AppraisalHead]);
        foreach (var unit in new[] { "A", "B", "C", "D", "E" })
        {
            (await head.PostJson("units", new { units = new[] { new { code = unit, name = $"Đơn vị {unit}", category = "HC", level = "TINH", valid_from = "2020-01-01" } } })).Expect(200);
        }

        (await head.PostJson("seasons", new { code = "S", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        object Cluster(string code, params string[] members) => new { season = "S", clusters = new[] { new { code, name = "Cụm", kind = "CUM", leader = members[0], deputy = members[1], members } } };
        var cluster = (await head.PostJson("clusters", Cluster("C1", "A", "B", "C"))).Expect(201)["clusters"][0]!["id"];
        (await head.PostJson("clusters", Cluster("C2", "D", "E"))).Expect(201);

        var wrong = new List<string>();
        foreach (var (role, of) in new (string, string?)[]
        {
            (Roles.UnitClerk, "C"), (Roles.UnitHead, "C"), (Roles.UnitHead, "A"), (Roles.UnitClerk, "A"), (Roles.UnitHead, "B"), (Roles.UnitHead, "D"), (Roles.UnitClerk, "E"), (Roles.UnitHead, null),
            (Roles.Appraiser, null), (Roles.AppraisalHead, null), (Roles.Auditor, null), (Roles.Admin, null), (Roles.DataProvider, "CAT"), (Roles.CouncilSecretary, null), (Roles.CouncilMember, null), (Roles.CouncilChair, null),
        })
        {
            using var client = host.As(role, of);
            var isHead = role == Roles.UnitHead;
            var whose = of is null or "CAT" ? Whose.Outside : of == "C" ? Whose.Own : of is "A" or "B" ? Whose.Cluster : Whose.Foreign;
            var column = role switch
            {
                Roles.UnitClerk or Roles.UnitHead when of == "C" => "unit",
                Roles.UnitClerk or Roles.UnitHead => isHead && of is "A" or "B" or "D" ? "leader_deputy" : "member",
                Roles.CouncilSecretary or Roles.CouncilMember or Roles.CouncilChair => "council",
                _ => role,
            };
            var granted = role == Roles.Auditor || MatrixFile.Of("audit", column).Grants('R', whose);
            var answer = await client.GetJson("journal/clusters?subject=Unit/C");
            var rows = answer.Status == 200 ? answer["items"].AsArray() : [];
            if (granted != rows.Count > 0 || rows.Any(row => row!["changes"] is not null != role is Roles.Appraiser or Roles.AppraisalHead or Roles.Auditor))
            {
                wrong.Add($"{role} of {of} as {column}, {whose}: {answer}");
            }

            // What was done to the cluster is about each of its members.
            var formed = await client.GetJson($"journal/clusters?subject=Cluster/{cluster}");
            if ((granted || (whose is Whose.Cluster && of is not null)) != (formed.Status == 200 && formed["items"].AsArray().Count > 0))
            {
                wrong.Add($"{role} of {of} and the cluster: {formed}");
            }
        }

        Nothing.In(wrong);
    }
}
