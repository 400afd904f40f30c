"""Clients and servers of the official library, over the framed transport."""

import socket
import threading

from thrift.protocol import TBinaryProtocol, TCompactProtocol
from thrift.server import TServer
from thrift.transport import TSocket, TTransport

PATIENCE = 20  # seconds for anything to happen


def spoken(compact):
    return "compact" if compact else "binary"


def official_client(client, port, compact):
    """The official client, its transport and its protocol."""
    plug = TSocket.TSocket("127.0.0.1", port)
    plug.setTimeout(PATIENCE * 1000)
    transport = TTransport.TFramedTransport(plug)
    if compact:
        protocol = TCompactProtocol.TCompactProtocol(transport)
    else:
        protocol = TBinaryProtocol.TBinaryProtocol(transport)
    transport.open()
    return client(protocol), transport, protocol


def official_server(processor, compact):
    """The official server, in a thread; its port."""
    # Bound here, since the library does not tell which port it got.
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    door = TSocket.TServerSocket("127.0.0.1", port)
    door.listen()
    door.listen = lambda: None
    factory = TCompactProtocol.TCompactProtocolFactory if compact else TBinaryProtocol.TBinaryProtocolFactory
    server = TServer.TThreadedServer(processor, door, TTransport.TFramedTransportFactory(), factory(), daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    return port
