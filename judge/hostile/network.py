# Connects, asks for names, listens: as a library does it.
import socket, sys

judge, port, name = sys.stdin.read().split()
tries = {
    "connect": lambda: socket.create_connection(("127.0.0.1", int(port)), 1),
    "resolve": lambda: socket.getaddrinfo("example.org", 80),
    "listen": lambda: socket.create_server(("", 0)),
    "abstract": lambda: socket.socket(socket.AF_UNIX).connect("\0" + name),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
}
allowed = []
for what, attempt in tries.items():
    try:
        attempt()
        allowed.append(what)
    except OSError:
        pass
print(allowed or "contained")
