"""Processes for test/integration/probe.test.ts to look at. Each says "ready …" and lives until its stdin ends."""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x20000000, 0x40000000
MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def ready(*words):
    print('ready', *words, flush=True)
    sys.stdin.read()


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack('16sh14x', b'lo', 1))  # SIOCSIFFLAGS, IFF_UP


def listen(port, address='127.0.0.1'):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(64)
    return listener


def child(work, *arguments):
    pid = os.fork()
    if pid == 0:
        try:
            work(*arguments)
        finally:
            os._exit(0)
    return pid


def thread(work, *arguments):
    threading.Thread(target=work, args=arguments, daemon=True).start()


def set_name(name):
    with open('/proc/self/comm', 'wb') as file:
        file.write(name)


# --- one process each -------------------------------------------------------------------------------------------------

def names(*hexadecimal):
    """Children with these names (bytes as hexadecimal)."""
    def sleeper(name):
        set_name(bytes.fromhex(name))
        signal.pause()
    for name in hexadecimal:
        child(sleeper, name)
    time.sleep(0.1)
    ready()


def command_line(size):
    arguments = [b'sleep', b'1000', b'', b'"quoted"\n\\', b'\xff\xfe', 'ｎ'.encode(), b'x' * int(size)]
    child(os.execv, sys.executable, [b'odd', b'-c', b'import signal; signal.pause()'] + arguments[2:])
    time.sleep(0.2)
    ready()


def zombie():
    child(lambda: None)
    stopped = child(signal.pause)
    os.kill(stopped, signal.SIGSTOP)
    time.sleep(0.1)
    ready()


def vanishing():
    def breed():
        while True:
            for _ in range(20):
                child(lambda: None)
            for _ in range(20):
                os.wait()
    child(breed)
    ready()


def mounts(count, folder):
    """Many mounts, the last with a mount point that needs escaping."""
    for number in range(int(count)):
        checked(libc.mount(folder.encode(), folder.encode(), None, MS_BIND, None))
    odd = os.fsencode(folder) + b'/a b\n\\c"\xff'
    os.mkdir(odd)
    checked(libc.mount(b'odd,\\source', odd, b'tmpfs', 0, b'size=4k'))
    ready()


def roots(folder):
    """Two children with the same directory as root, by way of a mount that is writable and of one that is not."""
    def rooted(name):
        set_name(name.encode())
        os.chroot(f'{folder}/{name}')
        signal.pause()
    for name in ('writable', 'readonly'):
        os.mkdir(f'{folder}/{name}')
    checked(libc.mount(b'tmpfs', f'{folder}/writable'.encode(), b'tmpfs', 0, None))
    readonly = f'{folder}/readonly'.encode()
    checked(libc.mount(f'{folder}/writable'.encode(), readonly, None, MS_BIND, None))
    checked(libc.mount(None, readonly, None, MS_BIND | MS_REMOUNT | MS_RDONLY, None))
    for name in ('writable', 'readonly'):
        child(rooted, name)
    time.sleep(0.1)
    ready()


def threads(kind):
    """Two children with two threads each: one whose second thread sets no-new-privileges, and one left alike."""
    def two(differ):
        def second():
            if differ:
                checked(libc.prctl(38, 1, 0, 0, 0))  # PR_SET_NO_NEW_PRIVS
            signal.pause()
        set_name(b'differ' if differ else b'alike')
        thread(second)
        time.sleep(1000)

    def headless():
        set_name(b'headless')
        thread(time.sleep, 1000)
        libc.syscall(60, 0) if os.uname().machine == 'x86_64' else libc.syscall(93, 0)  # exit: the leader alone
    child(headless if kind == 'headless' else lambda: two(True))
    child(two, False)
    time.sleep(0.2)
    ready()


def sockets(folder):
    loopback_up()
    os.chdir(folder)
    kept = [listen(1234)]
    six = socket.socket(socket.AF_INET6)
    six.bind(('::1', 1235))
    six.listen()
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(('127.0.0.1', 1236))
    for path in (b'plain.sock', b'odd \n"name', b'\0abstract'):
        kept.append(socket.socket(socket.AF_UNIX))
        kept[-1].bind(path)
        kept[-1].listen()
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(b'not-listening.sock')
    client = socket.create_connection(('127.0.0.1', 1234))
    kept += [six, bound, silent, client, kept[0].accept()[0]]
    ready(os.fstat(kept[0].fileno()).st_ino)


def many_sockets(count):
    kept = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(int(count))]
    ready(len(kept))


def root(folder):
    """A process whose root is this folder, with what a learner could put in the way of a reader."""
    os.makedirs(f'{folder}/proc')
    checked(libc.mount(b'proc', f'{folder}/proc'.encode(), b'proc', 0, None))
    os.chroot(folder)
    os.chdir('/')
    os.makedirs('/etc/deep')
    with open('/etc/plain', 'wb') as file:
        file.write(b'inside\x00\xff')
    os.chmod('/etc/plain', 0o640)
    with open('/etc/large', 'wb') as file:
        file.truncate(1 << 40)
    os.mkfifo('/etc/fifo')
    os.symlink('plain', '/etc/link')
    os.symlink('/etc/plain', '/etc/absolute')
    os.symlink('../../../../../../../etc/plain', '/etc/dots')
    os.symlink('../../../../../../../etc/hostname', '/etc/outside')
    os.symlink('/proc/self/root/etc/hostname', '/etc/magic')
    os.symlink('/proc/1/root/etc/plain', '/etc/magic-init')
    os.symlink('loop', '/etc/loop')
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind('/etc/socket')
    open('/etc/device', 'w').close()
    with open(os.fsencode('/etc/deep/') + b'odd\n"\xff', 'w') as file:
        file.write('x')
    os.mkdir('/etc/crowded')
    for number in range(4100):
        os.symlink('x', f'/etc/crowded/{number}')
    ready()


def device(folder):
    """As root(), with a device where a file was."""
    os.makedirs(f'{folder}/dev')
    open(f'{folder}/dev/null', 'w').close()
    checked(libc.mount(b'/dev/null', f'{folder}/dev/null'.encode(), None, MS_BIND, None))
    os.chroot(folder)
    ready()


# --- servers ----------------------------------------------------------------------------------------------------------

def read_head(connection):
    request = b''
    while b'\r\n\r\n' not in request:
        got = connection.recv(4096)
        if not got:
            break
        request += got
    return request


def forever(connection, piece):
    while True:
        connection.sendall(piece)


OK = b'HTTP/1.1 200 OK\r\n'
ANSWERS = {
    'chunked': OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\n\r\n',
    'cut-chunk': OK + b'Transfer-Encoding: chunked\r\n\r\nff\r\nhello',
    'bad-chunk': OK + b'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nffffffffffffffff\r\nhello',
    'headers': OK + b'X-Two: a\r\nContent-Type: Text/Plain\r\nx-two:  b \r\nbad header: x\r\n: none\r\n'
               b'X-Odd: "\xff\x01\r\n\r\nbody',
    'many-headers': OK + b''.join(b'h%d: %d\r\n' % (i, i) for i in range(100)) + b'\r\n',
    'long-header': OK + b'X: ' + b'y' * 200000 + b'\r\n\r\n',
    'fat-headers': OK + b''.join(b'same: ' + b'y' * 2000 + b'\r\n' for _ in range(64)) + b'\r\n',
    'length-lies': OK + b'Content-Length: 999999999999999999999\r\n\r\nshort',
    'interim': b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\nlate',
    'garbage': b'SSH-2.0-OpenSSH\r\n',
    'nothing': b'',
    'half': b'HTTP/1.1 200 O',
}


def answer(connection, behaviour):
    if behaviour == 'closing':
        connection.close()
        return
    request = read_head(connection)
    if behaviour == 'echo':
        connection.sendall(OK + b'Content-Length: %d\r\n\r\n' % len(request) + request)
        time.sleep(1000)  # keeps the connection open although asked to close it
    elif behaviour == 'silent':
        time.sleep(1000)
    elif behaviour == 'endless':
        forever(connection, OK + b'\r\n' + b'z' * 5000)
    elif behaviour == 'endless-head':
        connection.sendall(OK)
        forever(connection, b'a: b\r\n' * 100)
    elif behaviour == 'dribble':
        connection.sendall(OK + b'\r\n')
        while True:
            connection.sendall(b'.')
            time.sleep(0.01)
    else:
        connection.sendall(ANSWERS[behaviour])
    connection.close()


def accept(listener, behaviour):
    while True:
        connection, _ = listener.accept()
        thread(answer, connection, behaviour)


def serve(*behaviours):
    """One server for each behaviour, at ports from 8000."""
    loopback_up()
    for number, behaviour in enumerate(behaviours):
        thread(accept, listen(8000 + number), behaviour)
    full = listen(7999)  # accepts nothing: connections wait in its queue
    ready(full.fileno())


def nested(flags, work, *arguments):
    """A child in namespaces of its own, which runs work(); returns it by the pid seen from here."""
    born, bear = os.pipe()
    started, start = os.pipe()

    def first():
        checked(libc.unshare(flags))

        def second():
            loopback_up()
            work(lambda: os.write(start, b'x'), *arguments)
        pid = child(second)
        os.write(bear, b'%d' % pid)
        os.waitpid(pid, 0)
    child(first)
    pid = int(os.read(born, 20))
    os.read(started, 1)
    return pid


def nested_server(started, port, delay=0.0):
    set_name(b'server')
    listener = listen(port)
    started()
    while True:
        time.sleep(delay)
        connection, _ = listener.accept()
        thread(answer, connection, 'headers')


def busy_decoy(started, port):
    """A server that is connected to all the time, by itself."""
    set_name(b'decoy')
    listener = listen(port)
    started()
    while True:
        client = socket.create_connection(('127.0.0.1', port))
        server, _ = listener.accept()
        time.sleep(0.004)
        client.close()
        server.close()


def connect_within(namespace, port):
    """As pasta does: the socket is one of the other network namespace, its owner stays here."""
    own = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
    checked(libc.setns(namespace, CLONE_NEWNET))
    try:
        return socket.create_connection(('127.0.0.1', port))
    finally:
        checked(libc.setns(own, CLONE_NEWNET))
        os.close(own)


def pump(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def forward(listener, namespace, port, other):
    set_name(b'forwarder')
    kept = connect_within(other, port)
    while kept:
        connection, _ = listener.accept()
        time.sleep(0.015)
        onward = connect_within(namespace, port)
        thread(pump, connection, onward)
        thread(pump, onward, connection)


def published(delay='0'):
    """
    A nested server whose port 80 is published at 8080. Beside it there are a decoy that is busy at its own port 80, and
    an idle one to which the forwarder has been connected for long.
    """
    loopback_up()
    decoy = nested(CLONE_NEWPID | CLONE_NEWNET, busy_decoy, 80)
    server = nested(CLONE_NEWPID | CLONE_NEWNET, nested_server, 80, float(delay))
    idle = nested(CLONE_NEWPID | CLONE_NEWNET, nested_server, 80)
    networks = [os.open(f'/proc/{pid}/ns/net', os.O_RDONLY) for pid in (server, idle)]
    child(forward, listen(8080), networks[0], 80, networks[1])
    time.sleep(0.05)
    ready(decoy, server)


def host_network():
    """A nested server without a network of its own."""
    loopback_up()
    ready(nested(CLONE_NEWPID, nested_server, 8080))


def handed_over():
    """A server that hands connections on to children, beside connections of its own making to the same port."""
    loopback_up()
    listener = listen(8080)
    own = range(20000, 30000)

    def visit():
        for port in own:
            with socket.create_connection(('127.0.0.1', 8080), source_address=('127.0.0.1', port)):
                time.sleep(0.004)

    def accept_all():
        set_name(b'acceptor')
        while True:
            connection, (_, port) = listener.accept()
            if port in own:
                thread(lambda kept: (time.sleep(0.004), kept.close()), connection)
                continue

            def handle():
                set_name(b'handler')
                answer(connection, 'headers')
                time.sleep(1000)
            child(handle)
            connection.close()
    child(visit)
    child(accept_all)
    ready()


if __name__ == '__main__':
    threading.excepthook = lambda _: None  # a connection that the probe has closed
    globals()[sys.argv[1].replace('-', '_')](*sys.argv[2:])
    os._exit(0)
