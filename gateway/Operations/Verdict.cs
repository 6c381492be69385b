namespace ThiDua.Gateway.Operations;

/// <summary>
/// The one sentence that an operator came for. What is too much or too late is decided by the alert rules alone, so that page
/// and pager agree; the page itself adds what it sees first-hand: a replica that does not answer, and figures that are missing.
/// </summary>
public static class Verdict
{
    private const string Unwatched = "MonitoringBroken";

    // Rules about what the page sees by itself: told once, with the replica and the check that the page knows.
    private static readonly string[] s_seenHere = ["ServiceDown", "ServiceAbsent", "ReplicaDown", "NotReady"];

    public static VerdictView Of(SourceView source, IReadOnlyList<AlertView> alerts, IReadOnlyList<ServiceView> services, IReadOnlyList<TargetView> servers, Runbooks runbooks)
    {
        var incomplete = services.Where(service => service.ReadyReplicas < service.Replicas.Count).ToList();
        var firing = alerts.Where(alert => alert.Firing && alert.Level > Level.Info).ToList();
        var seenHere = firing.Where(alert => s_seenHere.Contains(alert.Name) && incomplete.Any(service => service.Name == alert.Labels.GetValueOrDefault("job"))).ToList();
        List<ProblemView> problems =
        [
            .. incomplete.Select(service => Incomplete(service, seenHere.Where(alert => alert.Labels["job"] == service.Name), runbooks)),
            .. firing.Except(seenHere).Select(alert => new ProblemView(alert.Level, alert.Summary, alert.Since, alert.Runbook)),
            .. servers.Where(server => !server.Up && !firing.Any(alert => alert.Name == RunbookOf(server)))
                .Select(server => new ProblemView(Level.Warning, $"Prometheus không đọc được {server.Name} ({server.Address})", server.Since, runbooks.NameFor(null, RunbookOf(server)))),
        ];
        if (!source.Available)
        {
            problems.Add(new ProblemView(Level.Warning, $"Không đọc được số liệu giám sát từ Prometheus: {source.Reason}", source.Since, runbooks.NameFor(null, Unwatched)));
        }
        else if (source.Refused.Count > 0)
        {
            problems.Add(new ProblemView(Level.Warning, $"Prometheus không trả lời {source.Refused.Count} câu hỏi; phần số liệu đó bị thiếu ở dưới", null, runbooks.NameFor(null, Unwatched)));
        }

        problems = [.. problems.OrderByDescending(problem => problem.Level).ThenBy(problem => problem.Since ?? DateTimeOffset.MaxValue)];
        var critical = problems.Count(problem => problem.Level == Level.Critical);
        var warnings = problems.Count - critical;
        var replicas = services.Sum(service => service.Replicas.Count);
        var ready = services.Sum(service => service.ReadyReplicas);
        var detail = source.Available
            ? $"{ready}/{replicas} tiến trình sẵn sàng; {alerts.Count(alert => alert.Firing)} cảnh báo đang phát."
            : $"{ready}/{replicas} tiến trình sẵn sàng; không biết có cảnh báo nào đang phát hay không.";
        return (critical, warnings) switch
        {
            (0, 0) => new VerdictView(Level.Ok, "Hệ thống hoạt động bình thường", detail, problems),
            (0, _) when !source.Available && warnings == 1 => new VerdictView(Level.Warning, "Các dịch vụ sẵn sàng, nhưng không có số liệu giám sát", detail, problems),
            (0, _) => new VerdictView(Level.Warning, $"Hệ thống đang phục vụ, có {warnings} điểm cần xử lý", detail, problems),
            (_, 0) => new VerdictView(Level.Critical, $"Hệ thống có sự cố: {critical} vấn đề nghiêm trọng", detail, problems),
            _ => new VerdictView(Level.Critical, $"Hệ thống có sự cố: {critical} vấn đề nghiêm trọng, {warnings} cảnh báo", detail, problems),
        };
    }

    private static string RunbookOf(TargetView server) => server.Name switch
    {
        "postgres" => "PostgresDown",
        "rabbitmq" => "RabbitDown",
        _ => Unwatched,
    };

    private static ProblemView Incomplete(ServiceView service, IEnumerable<AlertView> alerts, Runbooks runbooks)
    {
        var away = service.Replicas.Where(replica => !replica.Ready).ToList();
        var states = string.Join("; ", away.Select(replica => $"{replica.Address} {replica.State}{(replica.Failing.Count > 0 ? $": {string.Join(", ", replica.Failing)}" : "")}"));
        var isDown = service.ReadyReplicas == 0;
        return new ProblemView(
            isDown ? Level.Critical : Level.Warning,
            isDown ? $"Dịch vụ {service.Name} không phục vụ được: {states}" : $"Dịch vụ {service.Name} còn {service.ReadyReplicas}/{service.Replicas.Count} bản: {states}",
            away.Select(replica => replica.Since).Concat(alerts.Select(alert => (DateTimeOffset?)alert.Since)).Min(),
            runbooks.NameFor(null, !isDown ? "ReplicaDown" : away.Exists(replica => replica.HasAnswered) ? "NotReady" : "ServiceDown"));
    }
}
