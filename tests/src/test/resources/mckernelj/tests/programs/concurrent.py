# Threads, executors, asyncio with sockets and children, subprocess, timers, passed descriptors, mappings, epoll.
import asyncio
import concurrent.futures
import mmap
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading

with concurrent.futures.ThreadPoolExecutor(4) as executor:
    print(sum(executor.map(lambda x: x * x, range(200))))
with concurrent.futures.ProcessPoolExecutor(2) as executor:
    print(sum(executor.map(abs, range(50))))

barrier = threading.Barrier(3)
passed = []


def meet(who):
    for _ in range(5):
        barrier.wait()
    passed.append(who)


threads = [threading.Thread(target=meet, args=(who,)) for who in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(passed))


async def answer(reader, writer):
    line = await reader.readline()
    writer.write(line.upper())
    await writer.drain()
    writer.close()


async def ask(port, number):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"x%d\n" % number)
    data = await reader.read()
    writer.close()
    return data


async def main():
    print(await asyncio.gather(*(asyncio.sleep(n / 100, n) for n in range(5))))
    child = await asyncio.create_subprocess_exec("cat", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(await child.communicate(b"hello"), child.returncode)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(await asyncio.gather(*(ask(port, number) for number in range(10))))
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.05)
    except asyncio.TimeoutError:
        print("timeout")
    print(await asyncio.get_running_loop().run_in_executor(None, sum, range(10)))


asyncio.run(main())

print(subprocess.run("echo a; echo b >&2; exit 3", shell=True, capture_output=True))
try:
    subprocess.run(["sleep", "10"], timeout=0.1)
except subprocess.TimeoutExpired:
    print("expired")
child = subprocess.Popen(["sleep", "10"])
child.send_signal(signal.SIGTERM)
print(child.wait())
try:
    subprocess.run(["/nonexistent"])
except FileNotFoundError as error:
    print(error)

signal.signal(signal.SIGALRM, lambda *_: print("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.pause()

left, right = socket.socketpair(socket.AF_UNIX)
socket.send_fds(left, [b"x"], [1])
os.write(socket.recv_fds(right, 10, 2)[1][0], b"through a passed descriptor\n")

pid = os.fork()
if pid == 0:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

with tempfile.TemporaryFile() as file:
    file.truncate(10000)
    mapped = mmap.mmap(file.fileno(), 10000)
    mapped[5:10] = b"abcde"
    mapped.flush()
    print(file.read(12))

epoll = select.epoll()
reader, writer = os.pipe()
epoll.register(reader, select.EPOLLIN)
os.write(writer, b"1")
print(epoll.poll(1) == [(reader, 1)])
