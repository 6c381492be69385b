using ThiDua.Contracts.Clusters;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>What a cluster did in its year: different in each, and in every third something is missing.</summary>
internal static class SampleActivities
{
    public static IReadOnlyList<ActivityRecorded> Of(ClusterFormed cluster, int year, int index, DateTimeOffset at)
    {
        List<ActivityRecorded> all =
        [
            Make("ACTIVITY", null, $"Tọa đàm chuyên đề của {cluster.Name}", "HELD", new DateOnly(year, 4, 3), "Trao đổi kinh nghiệm cải cách hành chính."),
            Make("MEETING", "MIDYEAR", $"Hội nghị sơ kết của {cluster.Name}", "HELD", new DateOnly(year, 7, 1 + index), "Thống nhất nhiệm vụ 6 tháng cuối năm."),
            Make("ACTIVITY", null, $"Thăm mô hình điểm của {cluster.Name}", "CANCELLED", new DateOnly(year, 9, 9), null),
        ];
        if (index % 3 != 0)
        {
            all.Add(Make("MEETING", "YEAREND", $"Hội nghị tổng kết của {cluster.Name}", "HELD", new DateOnly(year, 12, 1 + index), "Thông qua kết quả bình xét."));
        }

        return all;

        ActivityRecorded Make(string kind, string? review, string title, string state, DateOnly day, string? outcome) => new()
        {
            ActivityId = Guid.CreateVersion7(), ClusterId = cluster.ClusterId, Season = cluster.Season, Kind = kind, Type = review is null ? "Tọa đàm, giao lưu" : null, Review = review, Title = title, State = state,
            PlannedOn = day, HeldOn = state == "HELD" ? day : null, Host = cluster.Members[index % cluster.Members.Count].Unit, Outcome = outcome, Version = 1, At = at,
            Attendance = state != "HELD" ? [] :
            [
                .. cluster.Members.OrderBy(member => member.Unit, StringComparer.Ordinal)
                    .Select((member, place) => new AttendanceFact { Unit = member.Unit, Presence = (place + index) % 5 == 0 ? "EXCUSED" : (place + index) % 7 == 0 ? "ABSENT" : "PRESENT" }),
            ],
        };
    }

    public static IReadOnlyList<OfficialFactEstablished> Official(ClusterFormed cluster, int index, DateTimeOffset at) =>
    [
        .. cluster.Members.Skip(index % 2).SelectMany((member, place) => new OfficialFactEstablished[]
        {
            new() { Season = cluster.Season, Unit = member.Unit, Fact = "ATTENDANCE", Completed = 2 + (place % 2), Assigned = 3, Version = 1, At = at },
            new()
            {
                Season = cluster.Season, Unit = member.Unit, Fact = "REPORTS", Version = 1, At = at,
                Late = [new ReportLateness { Obligation = "MIDYEAR", LateWorkingDays = place % 3 }, new ReportLateness { Obligation = "YEAREND", LateWorkingDays = place % 4 == 0 ? null : 0 }],
            },
        }),
    ];

    public static CovenantInForce Covenant(ClusterFormed cluster, DateTimeOffset at) => new()
    {
        ClusterId = cluster.ClusterId, Season = cluster.Season, Cluster = cluster.Code, AgreementBy = "MAJORITY_OF_MEMBERS", Version = 1, At = at,
        Clauses =
        [
            new CovenantClauseInForce { Number = "Điều 1", Text = $"Các đơn vị của {cluster.Name} hoàn thành chỉ tiêu được giao." },
            new CovenantClauseInForce { Number = "Điều 2", Text = "Nội bộ đoàn kết; không có tham nhũng, tiêu cực." },
        ],
    };
}
