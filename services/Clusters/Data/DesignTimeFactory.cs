using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>For <c>dotnet ef</c> only, so that adding a migration starts no service and needs no server.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ClustersDbContext>
{
    public ClustersDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ClustersDbContext>();
        options.UseThiDuaConventions();
        return new ClustersDbContext(options.Options);
    }
}
