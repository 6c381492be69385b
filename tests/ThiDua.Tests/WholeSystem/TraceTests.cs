using System.Diagnostics;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>An operator who has the trace id of one request finds everything that it caused.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class TraceTests(SharedSystem shared)
{
    [Fact]
    public async Task A_request_to_the_gateway_is_found_in_the_journal_of_the_last_service_that_its_message_reached()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var trace = ActivityTraceId.CreateRandom().ToString();
        var code = $"{season.Code}-trace";
        (await season.Head.PostJson("seasons", new { code, type = "CALENDAR_YEAR", year = 2026 })).Expect(201);

        (await season.Head.CallAsync(
            HttpMethod.Post,
            "clusters",
            new { season = code, clusters = new[] { new { code, name = "Khối theo vết", kind = "KHOI", leader = season.Leader, deputy = season.Deputy, members = season.Units } } },
            headers: new() { ["traceparent"] = $"00-{trace}-00f067aa0ba902b7-01" })).Expect(201);

        foreach (var service in new[] { "clusters", "scoring", "awards", "documents" })
        {
            await Eventually.TrueAsync(
                async () => (await season.Auditor.GetJson($"journal/{service}?trace_id={trace}")).Expect(200)["items"].AsArray().Count > 0,
                $"trace {trace} is in the journal of {service}");
        }
    }

    [Fact]
    public async Task A_refusal_names_the_trace_that_its_caller_began()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var trace = ActivityTraceId.CreateRandom().ToString();

        var refused = (await season.Head.CallAsync(HttpMethod.Get, "seasons/none-of-this-name", headers: new() { ["traceparent"] = $"00-{trace}-00f067aa0ba902b7-01" })).Expect(404);

        Assert.Equal(trace, (string)refused["traceId"]!);
    }
}
