"""A reporting command of the Splunk SDK for Python that does nothing but read its
records: what any command written with it costs before its own first line."""
import sys

from splunklib.searchcommands import Configuration, ReportingCommand, dispatch


@Configuration()
class ReadOnlyCommand(ReportingCommand):
    @Configuration()
    def map(self, records):
        return records

    def reduce(self, records):
        count = 0
        for _ in records:
            count += 1
        yield {"events": count}


dispatch(ReadOnlyCommand, sys.argv, sys.stdin, sys.stdout, __name__)
