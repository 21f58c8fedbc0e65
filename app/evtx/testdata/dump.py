# Reads all records of an event log with PyPI's evtx, in its own two threads, and prints
# how long that took in seconds, in seconds of work, how many there were, what it came to in bytes, and the process's peak in MB.
import resource
import sys
import time

import evtx

path, form = sys.argv[1:]
begin, work = time.perf_counter(), time.process_time()
parser = evtx.PyEvtxParser(path, number_of_threads=2)
size = count = 0
for record in parser.records() if form == "xml" else parser.records_json():
    size += len(record["data"])
    count += 1
seconds, work = time.perf_counter() - begin, time.process_time() - work
print(seconds, work, count, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
