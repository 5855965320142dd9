"""Set up both Python environments: resumable, quick when there is nothing to do.

Runs on whatever Python started it (3.8 or later, standard library only). An environment is complete
when its stamp names the digest of its lock; an interrupted set-up has no stamp and is taken up again.

    python3 scripts/setup.py            what `make run` needs; with ORIENTA_EMBEDDING_MODEL set, also --models
    python3 scripts/setup.py --models   and what another embedding model needs
    python3 scripts/setup.py --dev      and what `make test` and `make encoder` need, with a browser
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.8"
# Installed by pip, which also takes a CPU build from a folder it is told of; the lock leaves it out.
TORCH = "torch==2.13.0"
LOCKS = {"run": "requirements.txt", "models": "requirements-models.txt", "dev": "requirements-dev.txt"}
APP, RASA = ROOT / ".venv", ROOT / ".venv-rasa"
# Newest first is not best: wheels for the newest Python may still be missing.
APP_VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
RASA_VERSIONS = ("3.10",)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text):
    """Show progress."""
    print(f"» {text}", flush=True)


def run(command, **more):
    """Run a command; stop with a plain sentence when it fails."""
    done = subprocess.run([str(part) for part in command], check=False, **more)
    if done.returncode:
        line = " ".join(str(part) for part in command)
        sys.exit(f"✗ Falló: {line}\n  Corrija lo anterior y repita: se retoma donde quedó.")


def candidates(versions):
    """Interpreters that may be one of ``versions``: this one, the PATH, pyenv's."""
    yield sys.executable
    for version in versions:
        yield from filter(None, [shutil.which(f"python{version}")])
    yield from filter(None, [shutil.which("python3"), shutil.which("python")])
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in versions:
        try:
            yield from sorted(map(str, pyenv.glob(f"versions/{version}.*/bin/python")), reverse=True)
        except OSError:
            continue  # somebody else's, not readable


def really_runs(python, versions):
    """Whether ``python`` starts (a shim may not), is one of ``versions`` and can make environments."""
    probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", probe], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() in versions


def find_python(versions):
    """The first candidate that really runs, or None."""
    return next((python for python in candidates(versions) if really_runs(python, versions)), None)


def fetched(version):
    """A Python that uv keeps, fetched if need be; None where it cannot be had."""
    uv = APP / "bin/uv"
    if not uv.exists():
        # uv itself runs on any Python; this environment is made anew with the right one.
        run([sys.executable, "-m", "venv", "--clear", APP])
        run([APP / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV])
    say(f"No hay un Python {version}; uv lo descarga")
    subprocess.run([str(uv), "python", "install", version], check=False)
    done = subprocess.run([str(uv), "python", "find", version], capture_output=True, text=True, check=False)
    return done.stdout.strip() if really_runs(done.stdout.strip(), (version,)) else None


def digest(*files):
    """Digest of what an environment is made from: these files, and the folder, whose path it holds."""
    content = hashlib.sha256(str(ROOT).encode())
    for file in files:
        content.update((ROOT / file).read_bytes())
    return content.hexdigest()


def stamped(environment, wanted):
    """Whether the environment is complete and still runs."""
    stamp = environment / ".orienta-stamp"
    return stamp.exists() and stamp.read_text() == wanted and runs(environment / "bin/python")


def runs(python):
    """Whether this interpreter starts: an environment dies with the Python it was made from."""
    try:
        return subprocess.run([str(python), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def app_environment(lock):
    """`.venv`: the application, on Python 3.11 or later."""
    wanted = digest(lock, "pyproject.toml")
    if stamped(APP, wanted):
        return
    began = time.time()
    stamp = APP / ".orienta-folder"
    if not (runs(APP / "bin/python") and stamp.exists() and stamp.read_text() == str(ROOT)):
        python = find_python(APP_VERSIONS) or fetched(APP_VERSIONS[0])
        if python is None:
            sys.exit(
                "✗ Falta Python 3.11 o posterior con «venv». "
                "Instálelo (en Debian: apt-get install python3.11-venv) y repita."
            )
        say(f"Entorno de la aplicación (.venv) con {python}")
        run([python, "-m", "venv", "--clear", APP])
        run([APP / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV])
        stamp.write_text(str(ROOT))
    say(f"Instalando las dependencias de la aplicación ({lock})")
    uv = [APP / "bin/uv", "pip", "install", "--python", APP / "bin/python", "--no-deps"]
    run([*uv, "--require-hashes", "--requirement", ROOT / lock])
    if lock != LOCKS["run"]:
        run([APP / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TORCH])
    run([*uv, "--quiet", "--editable", ROOT])
    (APP / ".orienta-stamp").write_text(wanted)
    say(f"Aplicación instalada en {time.time() - began:.0f} s")


def rasa_environment():
    """`.venv-rasa`: Rasa alone, on Python 3.10."""
    wanted = digest("bot/requirements.txt")
    if stamped(RASA, wanted):
        return
    began = time.time()
    python = find_python(RASA_VERSIONS) or fetched(RASA_VERSIONS[0])
    if python is None:
        sys.exit("✗ Falta Python 3.10 para Rasa. Instálelo (por ejemplo con pyenv install 3.10) y repita.")
    say(f"Entorno de Rasa (.venv-rasa) con {python}; ocupa 1.6 GB")
    run([APP / "bin/uv", "venv", "--quiet", "--clear", "--python", python, RASA])
    # The lock is whole: without --no-deps rasa would ask for the full TensorFlow instead of tensorflow-cpu.
    run([
        APP / "bin/uv", "pip", "install", "--python", RASA / "bin/python", "--no-deps", "--require-hashes",
        "--requirement", ROOT / "bot/requirements.txt",
    ])  # fmt: skip
    (RASA / ".orienta-stamp").write_text(wanted)
    say(f"Rasa instalado en {time.time() - began:.0f} s")


def browser():
    """A Chromium for the browser tests: one that is there, Debian's where we may install it, or Playwright's own."""
    own = list((Path.home() / ".cache/ms-playwright").glob("chromium-*"))
    if own or any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Instalando Chromium para las pruebas del navegador (apt-get)")
        run(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core"]
        run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        return
    say("Descargando Chromium para las pruebas del navegador (playwright)")
    run([APP / "bin/playwright", "install", "chromium"])


def main():
    """Bring both environments up to date."""
    dev = "--dev" in sys.argv
    models = "--models" in sys.argv or os.environ.get("ORIENTA_EMBEDDING_MODEL")
    wanted = "dev" if dev else "models" if models else "run"
    # A larger set that is there already stays: going back would only cost time.
    enough = list(LOCKS)[list(LOCKS).index(wanted) :]
    if not any(stamped(APP, digest(LOCKS[name], "pyproject.toml")) for name in enough):
        app_environment(LOCKS[wanted])
    rasa_environment()
    if dev:
        browser()


if __name__ == "__main__":
    main()
