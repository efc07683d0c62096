# multiprocessing in all three start methods, with pools, queues, locks, pipes, values, managers and shared memory.
import multiprocessing as mp
import sys
from multiprocessing import shared_memory


def square(x):
    return x * x


def put(queue, lock, who):
    for count in range(20):
        with lock:
            queue.put((who, count))


if __name__ == "__main__":
    for method in sys.argv[1:]:
        mp.set_start_method(method, force=True)
        with mp.Pool(3) as pool:
            print(method, sum(pool.map(square, range(100))), pool.apply(square, (7,)))
        queue, lock = mp.Queue(), mp.Lock()
        processes = [mp.Process(target=put, args=(queue, lock, who)) for who in range(3)]
        for process in processes:
            process.start()
        received = sorted(queue.get() for _ in range(60))
        for process in processes:
            process.join()
        print(len(received), received[0], received[-1], [process.exitcode for process in processes])
    here, there = mp.Pipe()
    here.send([1, "x"])
    print(there.recv(), mp.Value("i", 5).value)
    with mp.Manager() as manager:
        shared = manager.dict()
        shared["a"] = 1
        print(dict(shared))
    one = shared_memory.SharedMemory(create=True, size=100)
    one.buf[0] = 5
    other = shared_memory.SharedMemory(name=one.name)
    print(other.buf[0])
    other.close()
    one.close()
    one.unlink()
