"""Checks and runs one submission inside Pyodide. Runs once per worker; nothing of it is left in the program's own module."""

import atexit
import functools
import importlib.util
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
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return "".join(traceback.format_exception_only(error))
    return None


def run(files):
    """Runs the first file as the program; the others can be imported. Returns its exit code, or None if it ran out of memory."""
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
        code = 1
        if isinstance(error, MemoryError):
            code = None
            # Saying what went wrong takes memory as well.
            main.__dict__.clear()
        _report(error)
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


# A cache that is written in C puts each level of a recursion on the browser's stack, which has room for a few hundred. Calls from
# Python to Python take none of it, so caches are written in Python here.

_set_limit = sys.setrecursionlimit
_limit = sys.getrecursionlimit()
_frames_per_level = 1


def _setrecursionlimit(limit, /):
    global _limit
    _set_limit(min(limit * _frames_per_level, 2**31 - 1))
    _limit = limit


def _cache_in_python(function, maxsize, typed, info):
    global _frames_per_level
    if _frames_per_level == 1:
        # The cache's own call must not count against the program.
        _frames_per_level = 2
        _setrecursionlimit(_limit)
    if maxsize is None and not typed:
        return _unbounded_cache(function, info)
    return _bounded_cache(function, maxsize, typed, info)


def _unbounded_cache(function, info):
    results = {}
    missing = object()
    hits = 0

    def wrapper(*args, **named):
        nonlocal hits
        key = (*args, missing, *named.items()) if named else args
        result = results.get(key, missing)
        if result is missing:
            result = results[key] = function(*args, **named)
        else:
            hits += 1
        return result

    def cache_clear():
        nonlocal hits
        results.clear()
        hits = 0

    wrapper.cache_info = lambda: info(hits, len(results), None, len(results))
    wrapper.cache_clear = cache_clear
    return wrapper


def _load_bounded_cache():
    """The one of the standard library, which it holds for interpreters without the one in C."""
    spec = importlib.util.find_spec("functools")
    pure = types.ModuleType("functools")
    accelerated = sys.modules.pop("_functools", None)
    sys.modules["_functools"] = None
    try:
        exec(spec.loader.get_code("functools"), pure.__dict__)
    finally:
        sys.modules["_functools"] = accelerated
    return pure._lru_cache_wrapper


_bounded_cache = _load_bounded_cache()
functools._lru_cache_wrapper = _cache_in_python
sys.setrecursionlimit = _setrecursionlimit
sys.getrecursionlimit = lambda: _limit


def _exit_code(value):
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    print(value, file=sys.stderr)
    return 1


def _report(error):
    """The traceback as far as it lies in the program."""
    told = traceback.TracebackException.from_exception(error)
    _drop_own_frames(told)
    sys.stdout.flush()
    print("".join(told.format()).replace(f'File "{_HOME}/', 'File "'), end="", file=sys.stderr)


def _drop_own_frames(told):
    if told is None:
        return
    caches = (functools.__file__, "wrapper")
    told.stack[:] = [
        frame
        for frame in told.stack
        if frame.filename != "_runner.py" and (frame.filename, frame.name) != caches
    ]
    _drop_own_frames(told.__cause__)
    _drop_own_frames(told.__context__)


def _finish(code):
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # The program closed or replaced it.
            pass
    return code
