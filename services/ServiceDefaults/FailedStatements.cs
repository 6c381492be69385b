using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// A statement that the database refuses just as Npgsql is about to prepare it stays half prepared on its connection, and the next
/// good one there fails in its place (npgsql/npgsql#6391). So a connection on which a statement failed forgets all that it has
/// prepared before others get it. One for each context.
/// </summary>
internal sealed class FailedStatements : DbCommandInterceptor, IDbConnectionInterceptor, ISaveChangesInterceptor
{
    private bool _failed;

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Note(eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Note(eventData.Exception);
        return Task.CompletedTask;
    }

    // Of several statements in one command all but the first fail while their results are read.
    public void SaveChangesFailed(DbContextErrorEventData eventData) => Note(eventData.Exception.InnerException);

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Note(eventData.Exception.InnerException);
        return Task.CompletedTask;
    }

    public InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        if (_failed && connection is NpgsqlConnection { State: ConnectionState.Open } open)
        {
            open.UnprepareAll();
        }

        _failed = false;
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        ValueTask.FromResult(ConnectionClosing(connection, eventData, result));

    private void Note(Exception? exception) => _failed |= exception is PostgresException;
}
