using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace ThiDua.Documents.Data;

/// <summary>Makes a directory's entries survive a loss of power. A flushed file is not found again if the entry that names it was not.</summary>
internal static class DurableDirectory
{
    private const int ReadOnly = 0;

    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // there the file system's own log does it, or nothing can
        }

        var descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The directory {directory} cannot be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw new IOException($"The directory {directory} cannot be flushed.", new Win32Exception(Marshal.GetLastPInvokeError()));
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
