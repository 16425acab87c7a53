"""Make the Debian package of the frozen program, and prove it in a bare Debian 12: no Python and no compiler there.

The program lies in /opt/dosing-app as it was frozen; what the bundled libraries need of the system is computed from
them by dpkg-shlibdeps. The proof installs the package, runs it as an ordinary user, removes it, and compares the tree
with the one before. It needs root, for the bare tree.
"""

import gzip
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from licences import copyright_text
from make_frozen import FROZEN
from make_frozen import build as build_frozen
from prove import prove
from workshop import BUILD, DIST, HERE, NAME, ROOT, VERSION, debian, epoch, run, said

RELEASE = "bookworm"
DEBIAN_VERSION = f"{VERSION}-1"
MAINTAINER = "The authors of the Blinatumomab Infusion Planner <dosing-app@localhost>"
STAGE = BUILD / "deb"
OPT = f"/opt/{NAME}"
TREE = BUILD / f"debian-{RELEASE}"
TRIAL = BUILD / "debian-trial"
NOBODY = 65534
# what builds and checks; and libraries of the system that Qt is asked about but this machine may lack
TOOLS = ("dpkg-dev", "binutils", "debootstrap", "lintian", "desktop-file-utils", "appstream")
LIBRARIES = (
    *("libglib2.0-0", "libgl1", "libegl1", "libfontconfig1", "libxkbcommon0", "libdbus-1-3", "libcups2"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0", "libxcb-shape0"),
    *("libxkbcommon-x11-0", "libwayland-cursor0", "libwayland-egl1"),
)
SUMMARY = "plan the 28-day infusion of blinatumomab for an infant"
DESCRIPTION = """\
 From an infant's weight, length, date of birth and the start of the infusion
 to body-surface area, daily dose and every bag of the course with its
 recipe, rate and times; worksheets, labels and the vial order.
 .
 It is not a registered medical device. It is for planning, training and as
 an arithmetic check beside the approved product information; the
 pharmacist's own calculation stays primary.
"""
# Each with its reason, since lintian does not know it.
OVERRIDES = f"""\
# one folder that owes nothing to the rest of the system, as the file-system standard has it for added packages
{NAME}: dir-or-file-in-opt
# the libraries are shipped as their makers built them, and may be replaced one by one
{NAME}: embedded-library
{NAME}: custom-library-search-path
{NAME}: hardening-no-pie
{NAME}: library-not-linked-against-libc
{NAME}: shared-library-lacks-prerequisites
{NAME}: unstripped-binary-or-object
# whoever packs it for a hospital puts an address of that hospital here
{NAME}: bogus-mail-host
{NAME}: bogus-mail-host-in-debian-changelog
{NAME}: initial-upload-closes-no-bugs
# a file of a library as its makers ship it
{NAME}: package-contains-timestamped-gzip
"""


def architecture() -> str:
    """As Debian calls it."""
    return run("dpkg", "--print-architecture").strip()


def package() -> Path:
    """Where the package is put."""
    return DIST / f"{NAME}_{DEBIAN_VERSION}_{architecture()}.deb"


def build() -> Path:
    """The package of the frozen folder as it stands in dist."""
    shutil.rmtree(STAGE, ignore_errors=True)
    root = STAGE / "root"
    shutil.copytree(FROZEN, root / OPT[1:], symlinks=True)
    _lay_out(root)
    control = root / "DEBIAN"
    control.mkdir()
    control.joinpath("control").write_text(_control(root), encoding="utf-8")
    control.joinpath("md5sums").write_text("".join(_md5sums(root)), encoding="utf-8")
    _set_rights(root)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch()}
    run(
        *("dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=2", "--build", root, package()),
        env=environment,
    )
    return package()


def _lay_out(root: Path) -> None:
    """The files beside the program: command, menu entry, icons, metainfo, manual page, licences."""
    share = root / "usr" / "share"
    icons = share / "icons" / "hicolor"
    for source, target in {
        HERE / f"{NAME}.desktop": share / "applications" / f"{NAME}.desktop",
        HERE / f"{NAME}.metainfo.xml": share / "metainfo" / "blinatumomab.infusion.planner.metainfo.xml",
        ROOT / "resources/icons/planner.svg": icons / "scalable" / "apps" / f"{NAME}.svg",
        ROOT / "resources/icons/planner.png": icons / "128x128" / "apps" / f"{NAME}.png",
    }.items():
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
    for target, data in {
        share / "man" / "man1" / f"{NAME}.1.gz": _zipped((HERE / f"{NAME}.1").read_bytes()),
        share / "doc" / NAME / "changelog.gz": _zipped((ROOT / "CHANGELOG.md").read_bytes()),
        share / "doc" / NAME / "changelog.Debian.gz": _zipped(_debian_changelog().encode()),
        share / "doc" / NAME / "copyright": copyright_text().encode(),
        share / "lintian" / "overrides" / NAME: OVERRIDES.encode(),
    }.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    command = root / "usr" / "bin" / NAME
    command.parent.mkdir()
    command.symlink_to(f"{OPT}/{NAME}")


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _debian_changelog() -> str:
    """What Debian wants to read of a package; what changed in the program stands in its own changelog."""
    when = format_datetime(datetime.fromtimestamp(int(epoch()), UTC))
    return f"{NAME} ({DEBIAN_VERSION}) {RELEASE}; urgency=medium\n\n  * See changelog.gz.\n\n -- {MAINTAINER}  {when}\n"


def _control(root: Path) -> str:
    files = (each for each in root.rglob("*") if each.is_file() and not each.is_symlink())
    fields = {
        "Package": NAME,
        "Version": DEBIAN_VERSION,
        "Architecture": architecture(),
        "Maintainer": MAINTAINER,
        "Installed-Size": str(sum(each.stat().st_size for each in files) // 1024),
        "Depends": depends(root),
        "Section": "science",
        "Priority": "optional",
        "Description": f"{SUMMARY}\n{DESCRIPTION}".rstrip("\n"),
    }
    return "".join(f"{key}: {text}\n" for key, text in fields.items())


def depends(root: Path) -> str:
    """What the bundled programs and libraries need of the system, with versions, as Debian's own tool computes it."""
    libraries = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink() and _elf(path)]
    folder = STAGE / "shlibdeps"
    (folder / "debian").mkdir(parents=True, exist_ok=True)
    (folder / "debian" / "control").write_text(
        f"Source: {NAME}\nMaintainer: nobody <nobody@localhost>\n\nPackage: {NAME}\nArchitecture: any\n",
        encoding="utf-8",
    )
    own = [f"-l{each}" for each in sorted({str(path.parent) for path in libraries})]
    answer = run(
        *("dpkg-shlibdeps", "-O", "--warnings=0", *own, *(f"-e{path}" for path in libraries)),
        cwd=folder,
    )
    return answer.strip().removeprefix("shlibs:Depends=")


def _elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _md5sums(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.relative_to(root).parts:
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            yield f"{digest}  {path.relative_to(root)}\n"


def _set_rights(root: Path) -> None:
    """Everyone reads, nobody writes but root; only the program itself is called."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == root / OPT[1:] / NAME else 0o644)


@contextmanager
def bare_tree() -> Iterator[Path]:
    """A bare Debian to install into: a copy of one that debootstrap made and that is kept."""
    if os.geteuid():
        sys.exit("a bare Debian is made by root alone: run `make deb` as root")
    if not (TREE / "usr").exists():
        print(f"making a bare Debian in {TREE.relative_to(ROOT)}; this takes a minute", flush=True)
        part = TREE.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        run("debootstrap", "--variant=minbase", RELEASE, part)
        part.replace(TREE)
    if (TRIAL / "proc").is_mount():  # a run that was killed left it
        run("umount", "--lazy", TRIAL / "proc")
    shutil.rmtree(TRIAL, ignore_errors=True)
    run("cp", "-a", TREE, TRIAL)
    for path in (Path("/etc/resolv.conf"), *Path("/etc/apt/apt.conf.d").glob("*")):  # the way to Debian's packages
        shutil.copy(path, TRIAL / path.relative_to("/"))
    run("mount", "-t", "proc", "proc", TRIAL / "proc")
    try:
        yield TRIAL
    finally:
        run("umount", "--lazy", TRIAL / "proc")  # whoever still looks into it keeps it, and the tree can go
        shutil.rmtree(TRIAL)


def listing(tree: Path) -> set[str]:
    """Every path of a tree, but for what every package leaves in the books of dpkg."""
    books = ("var/lib/dpkg", "var/log", "var/cache", "proc", "tmp", "home")
    paths = set(run("find", tree, "-xdev", "-mindepth", "1", "-printf", "%P\\0").rstrip("\0").split("\0"))
    return {path for path in paths if not path.startswith(books)} - {"opt"}  # which dpkg takes away when it is empty


def prove_package(file: Path) -> None:
    """Install, use, remove."""
    with bare_tree() as tree:
        inside = ("chroot", tree, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive")
        for absent in ("python3", "gcc", "cc", "ld"):
            if shutil.which(absent, path=f"{tree}/usr/bin:{tree}/usr/local/bin"):
                sys.exit(f"the tree is not bare: it has {absent}")
        wanted = run("dpkg-deb", "--field", file, "Depends").strip()
        run(*inside, "apt-get", "-qq", "update")
        run(*inside, "apt-get", "-qq", "-y", "--no-install-recommends", "satisfy", wanted)
        before = listing(tree)
        shutil.copy(file, tree / "tmp" / file.name)
        run(*inside, "dpkg", "--install", f"/tmp/{file.name}")  # noqa: S108 - of the tree
        home = tree / "home" / "user"
        home.mkdir(mode=0o700)
        os.chown(home, NOBODY, NOBODY)
        prove(["/usr/sbin/chroot", f"--userspec={NOBODY}:{NOBODY}", str(tree), NAME], {"HOME": "/home/user"}, home)
        print(run(*inside, "dpkg", "--verify", NAME), end="")
        run(*inside, "dpkg", "--purge", NAME)
        if left := listing(tree) ^ before:
            sys.exit(f"after it was removed, these differ: {', '.join(sorted(left)[:10])}")
        print("removed: nothing is left")


def checks(file: Path) -> None:
    """The checks of the desktop and of Debian."""
    run("desktop-file-validate", HERE / f"{NAME}.desktop")
    print(run("appstreamcli", "validate", "--no-net", HERE / f"{NAME}.metainfo.xml"), end="")
    print(run("lintian", "--fail-on", "error", "--tag-display-limit", "0", file), end="")
    print("desktop file, metainfo and package are checked", flush=True)


def main() -> None:
    """Freeze, pack, check, prove."""
    debian(*TOOLS, *LIBRARIES)
    build_frozen()
    finish()


def finish() -> None:
    """The package of what was frozen: pack, check, prove."""
    file = build()
    said(file)
    print(f"depends on: {run('dpkg-deb', '--field', file, 'Depends').strip()}")
    checks(file)
    prove_package(file)


if __name__ == "__main__":
    main()
