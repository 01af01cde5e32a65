"""Run every notebook by a kernel of its own, and hold what it shows against what is stored in it.

``--write`` stores what it shows. What depends on time (progress) is left out, and of figures the picture alone is kept:
it is what a reader without a kernel sees.
"""

import base64
import hashlib
import re
import struct
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
import nbformat

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
VEGA = "application/vnd.vegalite.v5+json"
SECONDS = 300


def executed(file: Path) -> nbformat.NotebookNode:
    book = nbformat.read(file, 4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(book, timeout=SECONDS, resources={"metadata": {"path": folder}})
        client.execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            for one in cell.outputs:
                one.get("data", {}).pop(VEGA, None)
    book.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return book


def shown(book: nbformat.NotebookNode) -> list[str]:
    """Texts without their spaces, and the pixels of pictures: a PNG also names versions."""
    found = []
    for cell in book.cells:
        for one in cell.get("outputs", []):
            data = one.get("data", {})
            if "image/png" in data:
                found.append(hashlib.sha256(pixels(base64.b64decode(data["image/png"]))).hexdigest())
            else:
                found.append(re.sub(r"\s+", " ", one.get("text") or data.get("text/plain", "")).strip())
    return found


def pixels(png: bytes) -> bytes:
    """The chunks IHDR and IDAT."""
    at, found = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] in (b"IHDR", b"IDAT"):
            found += png[at + 8 : at + 8 + size]
        at += 12 + size
    return found


def main() -> int:
    write = "--write" in sys.argv
    files = sorted(FOLDER.glob("*.ipynb"))
    stale = 0
    with ThreadPoolExecutor(2) as pool:
        for file, book in zip(files, pool.map(executed, files)):
            if write:
                nbformat.write(book, file)
                continue
            kept = shown(nbformat.read(file, 4))
            for at, (ours, theirs) in enumerate(zip(shown(book), kept)):
                if ours != theirs:
                    stale += 1
                    print(f"{file.name}: output {at + 1} is stale:\n- {theirs[:400]}\n+ {ours[:400]}")
            if len(shown(book)) != len(kept):
                stale += 1
                print(f"{file.name}: {len(shown(book))} outputs, and {len(kept)} are stored")
    print(f"{len(files)} notebooks")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
