using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

public sealed class CovenantTests
{
    private static readonly string[] s_numbers = ["1", "2", "1.1"];
    private static readonly string[] s_texts = ["a", "b", "\",\"", "a\"},{"];
    private static readonly CovenantClause[] s_clauses = [new("1", "Đúng hạn"), new("2", "Mỗi quý một chuyên đề")];

    // “all members signed (or exception noted)” (C.1): s = signs, x = exception, and who is a member at the time.
    [Theory]
    [InlineData("A B C", "sA sB sC", true)]
    [InlineData("A B C", "sA sB", false)]
    [InlineData("A B C", "sA xB sC", true)]
    [InlineData("A B C", "xA xB xC", true)]
    [InlineData("A B", "sA sB sC", true)] // who left is not waited for
    [InlineData("A B C D", "sA sB sC", false)] // who joined is
    [InlineData("A", "", false)]
    [InlineData("", "", false)]
    public void It_is_in_force_when_every_member_signed_or_is_excepted(string members, string steps, bool inForce)
    {
        var covenant = Drafted();
        foreach (var step in Words(steps))
        {
            if (step[0] == 's')
            {
                Sign(covenant, step[1..]);
            }
            else
            {
                covenant.Waive(Sample.Opened(), step[1..], "Đang sắp xếp", "CV 1", "head", Sample.Now);
            }
        }

        Assert.Equal(inForce, covenant.Settle(Words(members), Sample.Now));
        Assert.Equal(inForce ? 1 : 0, covenant.Version);
        Assert.Equal(inForce ? s_clauses : [], covenant.Clauses);
    }

    [Fact]
    public void A_signature_names_the_text_and_a_changed_text_is_signed_again()
    {
        var covenant = Drafted();
        var before = covenant.Parts[0].Hash;
        Sign(covenant, "A");
        Sign(covenant, "B");
        covenant.Redraft(Sample.Opened(), 0, [new("1", "Khác")]);

        Assert.False(covenant.Settle(["A", "B"], Sample.Now));
        Assert.Equal(["A", "B"], covenant.MissingOf(covenant.Parts[0], ["B", "A"]));
        Assert.Equal("text-changed", Refusal(() => covenant.Sign(Sample.Opened(), before, "A", "a", "A", Sample.Now)));
        Sign(covenant, "A");
        Sign(covenant, "B");
        Assert.True(covenant.Settle(["A", "B"], Sample.Now));
        Assert.Equal([before, before, covenant.Parts[0].Hash, covenant.Parts[0].Hash], covenant.Signatures.Select(signature => signature.Hash));
    }

    // Every step in every state of the covenant.
    [Theory]
    [InlineData("draft", "redraft", null)]
    [InlineData("draft", "amend", "covenant-not-in-force")]
    [InlineData("draft", "redraft-1", "covenant-in-force")]
    [InlineData("draft", "sign", null)]
    [InlineData("draft", "sign-again", "already-signed")]
    [InlineData("draft", "waive", null)]
    [InlineData("draft", "waive-signer", "already-signed")]
    [InlineData("in-force", "redraft", "covenant-in-force")]
    [InlineData("in-force", "amend", null)]
    [InlineData("in-force", "sign-again", "already-signed")]
    [InlineData("in-force", "sign", null)] // a unit that joined later
    [InlineData("in-force", "waive", "covenant-in-force")]
    [InlineData("amended", "redraft", "covenant-in-force")]
    [InlineData("amended", "redraft-1", null)]
    [InlineData("amended", "amend", "addendum-pending")]
    [InlineData("amended", "waive", null)]
    public void What_is_in_force_is_changed_by_addenda_alone(string state, string step, string? refusal)
    {
        var covenant = Drafted();
        Sign(covenant, "A");
        if (state != "draft")
        {
            covenant.Settle(["A"], Sample.Now);
        }

        if (state == "amended")
        {
            covenant.Amend(Sample.Opened(), [new("3", "Thêm")], "a", Sample.Now);
        }

        var revision = covenant.Revision;
        void Step()
        {
            switch (step)
            {
                case "redraft": covenant.Redraft(Sample.Opened(), 0, [new("1", "Khác")]); break;
                case "redraft-1": covenant.Redraft(Sample.Opened(), 1, [new("3", "Khác")]); break;
                case "amend": covenant.Amend(Sample.Opened(), [new("3", "Thêm")], "a", Sample.Now); break;
                case "sign": covenant.Sign(Sample.Opened(), covenant.Parts[0].Hash, "B", "b", "B", Sample.Now); break;
                case "sign-again": covenant.Sign(Sample.Opened(), covenant.Parts[0].Hash, "A", "a", "A", Sample.Now); break;
                case "waive": covenant.Waive(Sample.Opened(), "B", "Lý do", "CV", "head", Sample.Now); break;
                default: covenant.Waive(Sample.Opened(), "A", "Lý do", "CV", "head", Sample.Now); break;
            }
        }

        if (refusal is null)
        {
            Step();
            Assert.Equal(revision + 1, covenant.Revision);
        }
        else
        {
            Assert.Equal(refusal, Refusal(Step));
            Assert.Equal(revision, covenant.Revision);
        }
    }

    [Fact]
    public void An_addendum_replaces_clauses_by_number_and_adds_new_ones_and_the_original_stays()
    {
        var covenant = Drafted();
        Sign(covenant, "A");
        covenant.Settle(["A"], Sample.Now);
        covenant.Amend(Sample.Opened(), [new("2", "Mỗi tháng một chuyên đề"), new("3", "Thêm")], "a", Sample.Now);
        Assert.Equal(s_clauses, covenant.Clauses);

        covenant.Sign(Sample.Opened(), covenant.Pending!.Hash, "A", "a", "A", Sample.Now);
        Assert.True(covenant.Settle(["A"], Sample.Now));
        Assert.Equal([new("1", "Đúng hạn"), new("2", "Mỗi tháng một chuyên đề"), new("3", "Thêm")], covenant.Clauses);
        Assert.Equal(s_clauses, covenant.Parts[0].Clauses);
        Assert.Equal(2, covenant.Version);
    }

    [Fact]
    public void Pledges_are_made_before_units_score_themselves()
    {
        var season = Sample.Opened();
        var covenant = Drafted();
        season.Advance(SeasonPhase.Criteria, "Thử", 1, Sample.Now);
        Sign(covenant, "A");
        season.Advance(SeasonPhase.SelfScoring, "Thử", 1, Sample.Now);
        Assert.Equal("wrong-phase", Refusal(() => covenant.Sign(season, covenant.Parts[0].Hash, "B", "b", "B", Sample.Now)));
        Assert.Equal("wrong-phase", Refusal(() => Registration.Draft(season, "A", null, new RegistrationPlan([], [], null))));
    }

    [Theory]
    [InlineData(SeasonPhase.Criteria, null, "C1", "covenant-unsigned")]
    [InlineData(SeasonPhase.Criteria, " ", "C1 C2", "covenant-unsigned")]
    [InlineData(SeasonPhase.Criteria, "Đơn vị chờ kiện toàn", "C1", null)]
    [InlineData(SeasonPhase.Criteria, null, "", null)] // clusters without a covenant go on as ever
    [InlineData(SeasonPhase.SelfScoring, null, "C1", null)]
    public void Criteria_wait_for_the_covenants_that_were_begun(SeasonPhase to, string? reason, string pending, string? refusal)
    {
        var season = Sample.Opened();
        void Guard() => season.RequireCovenants(to, reason, Words(pending));
        if (refusal is null)
        {
            Guard();
        }
        else
        {
            var refused = Assert.Throws<RuleViolationException>(Guard);
            Assert.Equal(refusal, refused.Code);
            Assert.All(Words(pending), cluster => Assert.Contains(cluster, refused.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Whoever_has_the_text_can_repeat_its_hash()
    {
        const string Text = """{"season":"2026","cluster":"K1","part":0,"clauses":[{"number":"1","text":"Đúng hạn “100%”"}]}""";
        var canonical = CovenantText.Canonical("2026", "K1", 0, [new("1", "Đúng hạn “100%”")]);
        Assert.Equal(Text, canonical);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))), CovenantText.Hash(canonical));
    }

    [Fact]
    public void Two_different_texts_never_read_the_same() =>
        Gen.Select(Clauses(), Clauses()).Sample((one, other) =>
            one.SequenceEqual(other) == (CovenantText.Canonical("S", "C", 0, one) == CovenantText.Canonical("S", "C", 0, other)));

    // Once submitted a registration stays as it is; a change is a further version with its reason.
    [Fact]
    public void A_registration_is_changed_by_a_further_version_with_a_reason()
    {
        var season = Sample.Opened();
        var plan = new RegistrationPlan([new("CT1", "Tỷ lệ", 98.5m, "%", "I.1")], [], null);
        var first = Registration.Draft(season, "A", null, plan);
        Assert.Equal("registration-drafted", Refusal(() => Registration.Draft(season, "A", first, plan)));
        first.Redraft(season, plan);
        first.Submit(season, null, "head", Sample.Now);
        Assert.Equal("registration-submitted", Refusal(() => first.Redraft(season, plan)));
        Assert.Equal("registration-submitted", Refusal(() => first.Submit(season, null, "head", Sample.Now)));
        Assert.Equal("MISSING_REASON", Assert.Throws<RuleViolationException>(() => Registration.Draft(season, "A", first, plan)).Errors.Single().Code);

        var second = Registration.Draft(season, "A", first, plan with { Reason = "Tỉnh giao lại kế hoạch" });
        second.Submit(season, first, "head", Sample.Now);
        Assert.Equal((RegistrationState.Replaced, RegistrationState.Submitted, 2), (first.State, second.State, second.Number));
    }

    [Fact]
    public void A_registration_without_targets_is_not_submitted()
    {
        var empty = Registration.Draft(Sample.Opened(), "A", null, new RegistrationPlan([], [], null));
        Assert.Equal("MISSING_PROPERTY", Assert.Throws<RuleViolationException>(() => empty.Submit(Sample.Opened(), null, "head", Sample.Now)).Errors.Single().Code);
    }

    private static Gen<CovenantClause[]> Clauses() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3]).Select((number, text) => new CovenantClause(s_numbers[number], s_texts[text])).Array[0, 3];

    private static Covenant Drafted()
    {
        var season = Sample.Opened();
        var units = new[] { "A", "B", "C" }.Select(code => new MemberUnit(season.Code, Sample.Registered(code).Versions[0])).ToList();
        return Covenant.Draft(season, Cluster.Form(season, Sample.Plan("C1", ["A", "B", "C"]), units), s_clauses, "a", Sample.Now);
    }

    private static void Sign(Covenant covenant, string unit) => covenant.Sign(Sample.Opened(), covenant.Pending!.Hash, unit, unit, unit, Sample.Now);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Refusal(Action step) => Assert.Throws<RuleViolationException>(step).Code;
}
