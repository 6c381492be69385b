using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>Who tries: the roles of the token, its unit and its account.</summary>
internal sealed record MatrixActor(string[] Held, string? Unit, string Subject)
{
    public bool Is(params string[] roles) => Held.Intersect(roles).Any();
}

/// <summary>The layer matrix and the separation of duties as the domain reference (B) has them, written down without a look at the code.</summary>
internal static class LayerMatrix
{
    // Points of these the engine works out from the figures and publications of the whole cluster.
    private static readonly string[] s_relative = ["I.2", "I.3"];

    /// <summary>Whether somebody with these roles may take the step on the sheet of the unit at all, whatever state it is in.</summary>
    public static bool May(MatrixActor actor, string step, string unit, MatrixCluster cluster)
    {
        var own = actor.Unit == unit;
        var reviewer = actor.Is(Roles.UnitHead) && !own && (actor.Unit == cluster.Leader || actor.Unit == cluster.Deputy); // SoD-1, SoD-2
        var appraiser = actor.Is(Roles.Appraiser) && !own; // SoD-1
        var decider = actor.Is(Roles.AppraisalHead) && !cluster.Members.Contains(actor.Unit); // SoD-1: a result rests on every card of the cluster
        return step switch
        {
            "lines" or "explain" => own && actor.Is(Roles.UnitClerk, Roles.UnitHead),
            "submit" => own && actor.Is(Roles.UnitHead),
            "review" => reviewer,
            "return" => reviewer || appraiser,
            "appraise" => appraiser,
            "decide" => decider && !cluster.Drafters.Contains(actor.Subject), // SoD-3
            "reopen" => decider,
            "published-results" => actor.Is(Roles.Appraiser, Roles.AppraisalHead),
            "adopt" => actor.Is(Roles.AppraisalHead),
            _ => false,
        };
    }

    /// <summary>What a granted step changed on a sheet beyond its own layer; null: nothing.</summary>
    /// <param name="before">The sheet as the auditor read it before.</param>
    /// <param name="after">And after.</param>
    /// <param name="step">The step that was granted.</param>
    /// <param name="isTarget">Whether it was taken on this sheet.</param>
    /// <param name="within">Whether it was taken in this sheet's cluster.</param>
    /// <param name="asLeader">Whether the actor's unit leads the cluster.</param>
    public static string? Problem(ApiAnswer before, ApiAnswer after, string step, bool isTarget, bool within, bool asLeader)
    {
        if (before.Text == after.Text)
        {
            return null;
        }

        var (old, now) = (before.Json!, after.Json!);
        var state = (string)old["state"]!;
        var moved = state != (string)now["state"]!;
        var decision = step is "decide" or "reopen";
        var entry = isTarget && step is ("lines" or "explain");
        if (!within || (state == "LOCKED" && step != "reopen"))
        {
            return "something changed";
        }

        foreach (var (member, allowed) in new[]
        {
            ("state", (isTarget && step is ("submit" or "review" or "return" or "explain" or "appraise")) || decision), ("total", decision), ("groups", decision),
            ("exchanges", isTarget && step is ("return" or "explain")), ("submitted_at", isTarget && step == "submit"), ("table", step == "adopt"),
        })
        {
            if (!allowed && !JsonNode.DeepEquals(old[member], now[member]))
            {
                return $"“{member}” changed";
            }
        }

        var (was, stands) = (Values(old), Values(now));
        var changed = was.Keys.Union(stands.Keys).Where(value => was.GetValueOrDefault(value) != stands.GetValueOrDefault(value)).ToHashSet();
        foreach (var (line, layer) in changed)
        {
            var (had, has) = (was.GetValueOrDefault((line, layer)), stands.GetValueOrDefault((line, layer)));
            bool Follows(params string[] lower) => changed.Any(other => other.Line.StartsWith(line, StringComparison.Ordinal) && lower.Contains(other.Layer));

            // New figures after a return void what a reviewer had set on that line: the review of it is done again.
            var voided = entry && state == "EXPLANATION_REQUESTED" && has is null && line == "I.1";
            var allowed = layer switch
            {
                "input" or "note" or "declared" => entry,
                "self" => entry || step == "adopt" || (isTarget && step == "submit") || (s_relative.Contains(line) && step is not ("return" or "appraise" or "reopen")),
                "leader" => (isTarget && step == "review" && asLeader) || voided,
                "deputy" => (isTarget && step == "review" && !asLeader) || voided,
                "disputed" => Follows("leader", "deputy"),
                "appraisal" => isTarget && step == "appraise",

                // What is shown of these rests on the layers below, and shows itself when its time has come.
                "review" => Follows("self", "declared", "leader", "deputy") || ((had is null || has is null) && moved),
                _ => Follows("self", "declared", "leader", "deputy", "review", "appraisal") || ((had is null || has is null) && moved),
            };
            if (!allowed)
            {
                return $"“{layer}” of {line} changed from {had ?? "nothing"} to {has ?? "nothing"}";
            }
        }

        return null;
    }

    /// <summary>Every value of every layer of lines, bonus and deductions.</summary>
    private static Dictionary<(string Line, string Layer), string> Values(JsonNode sheet)
    {
        var values = new Dictionary<(string Line, string Layer), string>();
        foreach (var line in sheet["lines"]!.AsArray())
        {
            Take((string)line!["criterion"]!, line, "input", "note", "self", "leader", "deputy", "disputed", "review", "appraisal", "final");
        }

        foreach (var counted in new[] { "bonus", "deductions" })
        {
            Take(counted, sheet[counted]!, "self", "review", "final");
            foreach (var item in sheet[counted]!["items"]!.AsArray())
            {
                var key = $"{counted}/{item!["key"]}";
                Take(key, item, "leader", "deputy", "disputed", "review", "appraisal", "final");
                values[(key, "declared")] = item["self"]!.ToJsonString();
            }
        }

        return values;

        void Take(string line, JsonNode from, params string[] layers)
        {
            foreach (var layer in layers)
            {
                if (from[layer] is { } value)
                {
                    values[(line, layer)] = value.ToJsonString();
                }
            }
        }
    }
}
