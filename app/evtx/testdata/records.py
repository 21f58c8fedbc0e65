# Prints the records of an event log as PyPI's evtx reads them, one JSON value a line, and
# goes on behind a record that it cannot read.
import sys

import evtx

records = evtx.PyEvtxParser(sys.argv[1]).records_json()
while True:
    try:
        record = next(records)
    except StopIteration:
        break
    except RuntimeError as error:
        print(error, file=sys.stderr)
        continue
    print('{"number":%d,"event":%s}' % (record["event_record_id"], record["data"]))
