using System.Security;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>
/// LibreOffice as somebody who opens workbooks, types into them and saves them: one run for many files, told by a plan what to do. It has a
/// profile of its own that goes with it.
/// </summary>
internal sealed class LibreOffice : IDisposable
{
    private const string Macro = """
        Sub Apply(plan As String)
          On Error GoTo Failed
          Dim files, steps, entry, words, doc, page
          Dim hidden(0) As New com.sun.star.beans.PropertyValue
          Dim xlsx(0) As New com.sun.star.beans.PropertyValue
          hidden(0).Name = "Hidden"
          hidden(0).Value = True
          xlsx(0).Name = "FilterName"
          xlsx(0).Value = "Calc MS Excel 2007 XML"
          files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
          steps = CreateUnoService("com.sun.star.io.TextInputStream")
          steps.setInputStream(files.openFileRead(plan))
          steps.setEncoding("UTF-8")
          Do While Not steps.isEOF()
            entry = Join(Split(steps.readLine(), Chr(10)), "")
            words = Split(entry, Chr(9))
            If UBound(words) >= 1 Then
              Select Case words(0)
                Case "OPEN"
                  doc = StarDesktop.loadComponentFromURL(words(1), "_blank", 0, hidden())
                  page = doc.Sheets.getByIndex(0)
                  page.unprotect("")
                Case "VALUE"
                  page.getCellRangeByName(words(1)).setValue(Val(words(2)))
                Case "TEXT"
                  page.getCellRangeByName(words(1)).setString(words(2))
                Case "TYPED"
                  page.getCellRangeByName(words(1)).setFormula(words(2))
                Case "INSERT"
                  page.Rows.insertByIndex(CLng(words(1)) - 1, 1)
                Case "SAVE"
                  doc.storeToURL(words(1), xlsx())
                  doc.close(True)
              End Select
            End If
          Loop
          steps.closeInput()
        Failed:
          StarDesktop.terminate()
        End Sub
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-sheets-");
    private bool _isPrepared;

    /// <summary>Opens each file, does what is asked, saves it as .xlsx; without edits it is only opened and saved.</summary>
    /// <param name="files">File and steps: VALUE, TEXT or TYPED with cell and content, INSERT with a row.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<List<byte[]>> EditAsync(IReadOnlyList<(byte[] File, IReadOnlyList<string[]> Steps)> files, CancellationToken ct)
    {
        if (files.Count == 0)
        {
            return [];
        }

        await PrepareAsync(ct);
        var plan = new List<string>();
        for (var n = 0; n < files.Count; n++)
        {
            await File.WriteAllBytesAsync(PathOf($"{n}.xlsx"), files[n].File, ct);
            plan.Add($"OPEN\t{UriOf($"{n}.xlsx")}");
            plan.AddRange(files[n].Steps.Select(step => string.Join('\t', step)));
            plan.Add($"SAVE\t{UriOf($"{n}.saved.xlsx")}");
        }

        await File.WriteAllLinesAsync(PathOf("plan.txt"), plan, ct);
        await RunAsync([$"macro:///Standard.Module1.Apply(\"{UriOf("plan.txt")}\")"], ct);
        var edited = new List<byte[]>();
        for (var n = 0; n < files.Count; n++)
        {
            edited.Add(await File.ReadAllBytesAsync(PathOf($"{n}.saved.xlsx"), ct));
            File.Delete(PathOf($"{n}.saved.xlsx"));
        }

        return edited;
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>The first start makes the profile; our macro takes the place of its empty one.</summary>
    private async Task PrepareAsync(CancellationToken ct)
    {
        if (_isPrepared)
        {
            return;
        }

        await RunAsync(["--terminate_after_init"], ct);
        var module = Path.Combine(_directory.Path, "profile", "user", "basic", "Standard", "Module1.xba");
        Directory.CreateDirectory(Path.GetDirectoryName(module)!);
        await File.WriteAllTextAsync(
            module,
            $"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{SecurityElement.Escape(Macro)}</script:module>""",
            ct);
        _isPrepared = true;
    }

    private async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_limit);
        await ChildProcess.RunAsync(["soffice", $"-env:UserInstallation={UriOf("profile")}", "--headless", "--norestore", "--nologo", .. arguments], ct: limit.Token);
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);

    private string UriOf(string name) => new Uri(PathOf(name)).AbsoluteUri;
}
