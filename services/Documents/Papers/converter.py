"""Stands between the service and one LibreOffice: a line on stdin names a docx and the PDF to make of it, a line on stdout says how it went.

Arguments: the name of LibreOffice's pipe, the worker's directory. When stdin ends the service has ended: the directory is removed.
"""
import os
import shutil
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def value(name, content):
    made = PropertyValue()
    made.Name = name
    made.Value = content
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:
        try:
            remote = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            # Not listening yet. If the service has given up waiting it kills us.
            if os.getppid() == 1:
                raise SystemExit(1)
            time.sleep(0.02)


def convert(desktop, source, target):
    # The filter is named, or a file that is no docx would be opened as whatever it looks like. No macro runs, no link is followed.
    document = desktop.loadComponentFromURL("file://" + source, "_blank", 0, (
        value("Hidden", True), value("ReadOnly", True), value("FilterName", "MS Word 2007 XML"), value("MacroExecutionMode", 0), value("UpdateDocMode", 0)))
    if document is None:
        return "failed: not readable as a docx"
    try:
        options = uno.Any("[]com.sun.star.beans.PropertyValue", (value("SelectPdfVersion", 2), value("UseTaggedPDF", True), value("ExportBookmarks", False)))
        document.storeToURL("file://" + target, (value("FilterName", "writer_pdf_Export"), value("FilterData", options)))
    finally:
        document.close(True)
    return "done"


def main(pipe, directory):
    desktop = connect(pipe)
    print("ready", flush=True)
    for line in sys.stdin:
        source, target = line.rstrip("\n").split("\t")
        try:
            answer = convert(desktop, source, target)
        except Exception as reason:
            desktop.getFrames()  # raises when it is LibreOffice that is gone: then the file is not to blame, and silence says so
            answer = "failed: " + " ".join(str(reason).split())[:200]
        print(answer, flush=True)


try:
    main(sys.argv[1], sys.argv[2])
except Exception:
    pass
finally:
    # LibreOffice ends at the same time and may still be writing.
    for _ in range(20):
        shutil.rmtree(sys.argv[2], ignore_errors=True)
        if not os.path.exists(sys.argv[2]):
            break
        time.sleep(0.1)
