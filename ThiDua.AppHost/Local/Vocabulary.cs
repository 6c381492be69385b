using Microsoft.Extensions.Configuration;

namespace ThiDua.AppHost.Local;

// The nouns of Aspire's vocabulary that AppHost.cs uses, under Aspire's names in our own namespace. None of this is
// compiled with -p:Orchestrator=Aspire. tests/ThiDua.Tests/AppHost/Vocabulary.approved.txt lists what may be public.

public interface IResource { string Name { get; } }
public interface IResourceWithEnvironment : IResource;
public interface IResourceWithEndpoints : IResource;
public interface IResourceWithArgs : IResource;
public interface IResourceWithWaitSupport : IResource;
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
public interface IResourceWithConnectionString : IResource;

public interface IResourceBuilder<out T> where T : IResource
{
    T Resource { get; }
    IDistributedApplicationBuilder ApplicationBuilder { get; }
}

public interface IDistributedApplicationBuilder
{
    IConfiguration Configuration { get; }
    string AppHostDirectory { get; }
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;
    DistributedApplication Build();
}

public interface IProjectMetadata { string ProjectPath { get; } }

/// <summary>What Local needs beside Aspire's metadata: the program that the build made of the project.</summary>
internal interface IBuiltProject { string ProgramPath { get; } }

public sealed class ProjectResourceOptions { public bool ExcludeLaunchProfile { get; set; } }

public sealed class GenerateParameterDefault
{
    public int MinLength { get; set; } = 22;
    public bool Special { get; set; } = true;
}

public sealed class ResourceUrlAnnotation
{
    public required string Url { get; set; }
    public string? DisplayText { get; set; }
}

public sealed class EndpointAnnotation
{
    internal EndpointAnnotation(string name, int? port)
    {
        Name = name;
        Port = port;
    }

    public string Name { get; }

    /// <summary>The wanted port; null takes a free one at each start.</summary>
    public int? Port { get; set; }

    /// <summary>Whether AppHost.cs itself named the port. Such a port stays when the others are randomised.</summary>
    internal bool IsExplicit { get; set; }

    /// <summary>Known once the application is built.</summary>
    internal int AllocatedPort { get; set; }
}

public sealed class EndpointReference
{
    private readonly EndpointAnnotation _endpoint;
    internal EndpointReference(EndpointAnnotation endpoint) => _endpoint = endpoint;
    public string EndpointName => _endpoint.Name;
    public int Port => _endpoint.AllocatedPort;
    public string Url => $"http://localhost:{Port}";
}
