using MassTransit;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Messaging;

/// <summary>Keeps what papers and counts are made of, each fact under what it is about. Facts that also decide about access have consumers of their own.</summary>
public sealed class FactConsumer(DocumentsDbContext db) :
    IConsumer<UnitRegistered>, IConsumer<RegistrationSubmitted>, IConsumer<CovenantInForce>, IConsumer<ActivityRecorded>, IConsumer<OfficialFactEstablished>,
    IConsumer<LegalInstrumentRegistered>, IConsumer<ClusterScoresDecided>, IConsumer<NominationsDrawnUp>, IConsumer<AwardDecided>, IConsumer<AwardRevoked>,
    IConsumer<BallotCounted>, IConsumer<GovernmentFlagProposed>, IConsumer<AwardPolicySet>
{
    public Task Consume(ConsumeContext<UnitRegistered> context) =>
        KeepAsync(context, context.Message.Code, context.Message.Version, unit: context.Message.Code);

    public Task Consume(ConsumeContext<RegistrationSubmitted> context) =>
        KeepAsync(context, $"{context.Message.Season}/{context.Message.Unit}", context.Message.Version, context.Message.Season, unit: context.Message.Unit);

    public Task Consume(ConsumeContext<CovenantInForce> context) =>
        KeepAsync(context, $"{context.Message.ClusterId}", context.Message.Version, context.Message.Season, context.Message.ClusterId);

    public Task Consume(ConsumeContext<ActivityRecorded> context) =>
        KeepAsync(context, $"{context.Message.ActivityId}", context.Message.Version, context.Message.Season, context.Message.ClusterId);

    public Task Consume(ConsumeContext<OfficialFactEstablished> context) =>
        KeepAsync(context, $"{context.Message.Season}/{context.Message.Unit}/{context.Message.Fact}", context.Message.Version, context.Message.Season, unit: context.Message.Unit);

    public Task Consume(ConsumeContext<LegalInstrumentRegistered> context) =>
        KeepAsync(context, context.Message.Code, context.Message.Version);

    public Task Consume(ConsumeContext<ClusterScoresDecided> context) =>
        KeepAsync(context, $"{context.Message.ClusterId}", context.Message.Version, context.Message.Season, context.Message.ClusterId);

    public Task Consume(ConsumeContext<NominationsDrawnUp> context) =>
        KeepAsync(context, $"{context.Message.ClusterId}", context.Message.Version, context.Message.Season, context.Message.ClusterId);

    public Task Consume(ConsumeContext<AwardDecided> context) =>
        KeepAsync(context, $"{context.Message.NominationId}/{context.Message.Award}", context.Message.Version, context.Message.Season, context.Message.ClusterId, context.Message.Unit);

    public Task Consume(ConsumeContext<AwardRevoked> context) =>
        KeepAsync(context, $"{context.Message.NominationId}/{context.Message.Award}", context.Message.Version, context.Message.Season, context.Message.ClusterId, context.Message.Unit);

    public Task Consume(ConsumeContext<BallotCounted> context) =>
        KeepAsync(context, $"{context.Message.NominationId}/{context.Message.Award}", context.Message.Version, context.Message.Season, context.Message.ClusterId, context.Message.Unit);

    public Task Consume(ConsumeContext<GovernmentFlagProposed> context) =>
        KeepAsync(context, context.Message.Season, context.Message.Version, context.Message.Season);

    // A version is one policy and never changes.
    public Task Consume(ConsumeContext<AwardPolicySet> context) =>
        KeepAsync(context, $"{context.Message.Version}", context.Message.Version, context.Message.Season);

    private Task KeepAsync<T>(ConsumeContext<T> context, string key, int version, string? season = null, Guid? cluster = null, string? unit = null)
        where T : class =>
        db.KeepAsync(context.Message, key, version, season, cluster, unit, context.CancellationToken);
}
