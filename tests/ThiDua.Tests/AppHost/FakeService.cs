using System.Text.Json;
using ThiDua.AppHost.Local;

namespace ThiDua.Tests.AppHost;

/// <summary>A project whose program is a few lines of Perl: it starts at once, answers 200 to everything, and writes down
/// what happens to it. Debian always has Perl.</summary>
public sealed class FakeService : IProjectMetadata, IBuiltProject
{
    private static readonly AsyncLocal<string> s_directory = new();

    public string ProjectPath { get; } = Path.Combine(s_directory.Value!, "Fake.csproj");
    public string ProgramPath { get; } = Path.Combine(s_directory.Value!, "fake");

    /// <summary>Services added from now on by this test are of this directory.</summary>
    public static void Lay(string directory, int port = 5999)
    {
        Directory.CreateDirectory(Path.Combine(directory, "Properties"));
        File.WriteAllText(Path.Combine(directory, "Properties", "launchSettings.json"), JsonSerializer.Serialize(new
        {
            profiles = new { http = new { applicationUrl = $"http://localhost:{port}", environmentVariables = new Dictionary<string, string> { ["FROM_PROFILE"] = "yes" } } },
        }));
        var program = Path.Combine(directory, "fake");
        File.WriteAllText(program, """
            #!/usr/bin/perl
            use strict; use warnings; use IO::Socket::INET;
            $| = 1;
            my $name = $ENV{OTEL_SERVICE_NAME};
            sub note { open my $file, '>>', 'events' or die; print $file "$name @_\n"; close $file }
            open my $file, '>', "$name.environment" or die; print $file join("\n", sort keys %ENV), "\n"; close $file;
            if (@ARGV && $ARGV[0] eq 'migrate') { note 'migrated'; exit($ENV{FAKE_EXIT} // 0) }
            $SIG{TERM} = sub { note 'stopped'; exit 0 };
            note 'started';
            print "I am $name\n";
            exit 7 if $ENV{FAKE_DIES};
            my ($port) = $ENV{ASPNETCORE_URLS} =~ /:(\d+)$/;
            my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 5, ReuseAddr => 1) or die "cannot listen on $port: $!\n";
            while (1) {
                my $client = $server->accept or next;
                while (my $line = <$client>) { last if $line =~ /^\r?\n$/ }
                print $client "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                close $client;
            }
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        s_directory.Value = directory;
    }
}
