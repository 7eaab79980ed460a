# Leaves modules where the next run might import them, and tells if it finds any.
import importlib, os, sys

names = ["left_for_the_next_run", "sitecustomize", "usercustomize"]
found = []
for name in names:
    try:
        module = importlib.import_module(name)
        if getattr(module, "left", False):
            found.append(name)
    except ImportError:
        pass
version = f"python{sys.version_info.major}.{sys.version_info.minor}"
for folder in [".", "/box", os.path.expanduser(f"~/.local/lib/{version}/site-packages"), *filter(None, sys.path)]:
    for name in names:
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name + ".py"), "w") as file:
                file.write("left = True\n")
        except OSError:
            pass
print(found or "contained")
