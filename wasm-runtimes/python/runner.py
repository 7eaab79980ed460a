"""Checks and runs one submission inside Pyodide. Runs once per worker; nothing of it is left in the program's own module."""

import atexit
import os
import sys
import threading
import traceback
import types

_HOME = os.getcwd()


def wake():
    """Undoes what a memory snapshot would make the same in every run."""
    if "random" in sys.modules:
        sys.modules["random"].seed()


def check(files):
    """The first syntax error of the files as CPython prints it, or None. `files`: pairs of name and text."""
    for name, text in files:
        if not name.endswith(".py"):
            continue
        try:
            compile(text, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return "".join(traceback.format_exception_only(error))
    return None


def run(files):
    """Runs the first file as the program; the others can be imported. Returns its exit code."""
    for name, text in files:
        with open(name, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    # importlib.invalidate_caches() would read the standard library's archive again, which takes 40 ms.
    sys.path_importer_cache.pop(_HOME, None)
    entry, source = files[0]
    sys.argv = [entry]
    main = types.ModuleType("__main__")
    main.__file__ = entry
    main.__builtins__ = __builtins__
    sys.modules["__main__"] = main
    code = 0
    try:
        exec(compile(source, entry, "exec", dont_inherit=True), main.__dict__)
    except SystemExit as error:
        code = _exit_code(error.code)
    except BaseException as error:
        _report(error)
        code = 1
    return _finish(code)


def _start(thread):
    """There is one thread here: another runs to its end when it is started. That does for the main function in a thread with a
    larger stack, which is what programs of contests want threads for."""
    if thread._started.is_set():
        raise RuntimeError("threads can only be started once")
    thread._started.set()
    try:
        thread.run()
    except SystemExit:
        pass
    except BaseException:
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), thread)))


threading.Thread.start = _start
threading.Thread.join = lambda thread, timeout=None: None
threading.Thread.is_alive = lambda thread: False


def _exit_code(value):
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    print(value, file=sys.stderr)
    return 1


def _report(error):
    """The traceback from the program's own first line on."""
    error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
    lines = traceback.format_exception(error)
    sys.stdout.flush()
    print("".join(lines).replace(f'File "{_HOME}/', 'File "'), end="", file=sys.stderr)


def _finish(code):
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # The program closed or replaced it.
            pass
    return code
