"""Pack the sources of the last commit, the same bytes each time, and write the checksums of all that lies in dist."""

import gzip
import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

from workshop import DIST, NAME, ROOT, VERSION, run, said

SOURCE = DIST / f"{NAME}-{VERSION}-source.tar.gz"
SUMS = DIST / "SHA256SUMS"


def build() -> Path:
    """The archive; git gives every file the time of the commit, and gzip is told none."""
    DIST.mkdir(exist_ok=True)
    if run("git", "status", "--porcelain", "--untracked-files=no"):
        print("there are changes that are not committed: they are not in the archive", flush=True)
    tar = _archive()
    if tar != _archive():
        sys.exit("two archives of one commit differ")
    SOURCE.write_bytes(gzip.compress(tar, mtime=0))
    return SOURCE


def _archive() -> bytes:
    command = ["git", "archive", "--format=tar", f"--prefix={NAME}-{VERSION}/", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def whole(archive: Path) -> int:
    """How many files it holds; ends everything where one of the commit is missing."""
    with tarfile.open(archive) as tar:
        found = {each.name.partition("/")[2] for each in tar if not each.isdir()}
    wanted = set(run("git", "ls-tree", "-r", "-z", "--name-only", "HEAD").rstrip("\0").split("\0"))
    if found != wanted:
        sys.exit(f"the archive differs from the commit: {', '.join(sorted(found ^ wanted)[:10])}")
    return len(found)


def checksums() -> Path:
    """One line for each file in dist, as `sha256sum --check` reads them."""
    files = sorted(each for each in DIST.iterdir() if each.is_file() and each != SUMS)
    lines = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files]
    SUMS.write_text("".join(lines), encoding="utf-8")
    return SUMS


def main() -> None:
    """Pack, look, sum up."""
    said(build())
    print(f"{whole(SOURCE)} files")
    said(checksums())


if __name__ == "__main__":
    main()
