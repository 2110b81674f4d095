"""Talk to the network: the engine's port, a name server, sockets without a network."""
import socket
import urllib.request

FAMILIES = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 40)


def l2(W):
    got = []
    for family in FAMILIES:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                with socket.socket(family, kind):
                    got.append(f"CANARY a socket of {family}")
            except OSError:
                pass
    for port in (@PORT@, 8786, 22, 80):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).sendall(b"GET / HTTP/1.0\r\n\r\n")
            got.append(f"CANARY {port}")
        except OSError:
            pass
    try:
        got.append("CANARY" + urllib.request.urlopen("http://example.org", timeout=1).read(9).decode())
    except OSError:
        pass
    raise RuntimeError(" ".join(got) or "no network")
