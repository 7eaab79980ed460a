# Walks all that it sees, but for what the system brings, and reads every file in it.
import os, sys

# Of /var a jail shows what GHC keeps there and nothing else.
brought = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/proc", "/dev", "/var/lib/ghc"}
own = {"/box/main.py"}
found = []
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in brought]
    found += [path for path in (os.path.join(folder, name) for name in files) if path not in own]
known = [name for name in os.environ if name not in ("PATH", "HOME", "LANG", "LC_CTYPE", "PWD")]
print(found + known or "contained")
