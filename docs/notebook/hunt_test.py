"""hunt.ipynb, run as a person runs it: cell by cell, by nbclient, in a kernel of its own.

SCHTASKHUNT names the program. "make notebook" runs this.
"""

import collections
import csv
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import unittest

import nbclient
import nbformat

HERE = pathlib.Path(__file__).parent
DEMO = HERE.parent.parent / "testdata" / "demo"
PROGRAM = os.environ["SCHTASKHUNT"]

# Added behind the notebook's own cells: what they have come to, for a test to look at.
LOOK = """
json.dumps({"found": json.loads(findings.to_json(orient="records")), "bits": reasons.groupby("finding_id")["bits"].sum().to_dict(),
            "drawn": json.loads(drawn.to_json(orient="records")), "finding": FINDING, "beacon": BEACON,
            "gaps": first["gap"].dropna().tolist(), "calls": calls["connection_count"].sum().item() if len(calls) else 0,
            "hits": sorted(set(hits["indicator"])), "joined": json.loads(joined.to_json(orient="records")), "unseen": sorted(unseen["indicator"])})
"""


def run(**environment):
    """The notebook with its outputs, and what LOOK says. The environment holds for this run only."""
    book = nbformat.read(HERE / "hunt.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(LOOK))
    before = dict(os.environ)
    os.environ.update(environment, PLOTLY_RENDERER="plotly_mimetype")
    try:
        nbclient.NotebookClient(book, timeout=80, resources={"metadata": {"path": HERE}}).execute()
    finally:
        os.environ.clear()
        os.environ.update(before)
    said = book.cells.pop()["outputs"][0]["data"]["text/plain"]
    return book, json.loads(eval(said))  # the kernel shows the text as Python writes one


def figures(book):
    return [o["data"]["application/vnd.plotly.v1+json"] for c in book.cells if c.cell_type == "code"
            for o in c.outputs if "application/vnd.plotly.v1+json" in o.get("data", {})]


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(events, *options):
    """Rows of the program itself, without what the notebook makes of them."""
    out = subprocess.run([PROGRAM, "hunt", "-q", "--format", "jsonl", "--recent", "all", "--lookback", "all", *options, str(events)],
                         check=True, capture_output=True, encoding="utf-8").stdout
    return [json.loads(line) for line in out.split("\n") if line]


class Hunt(unittest.TestCase):
    def test_kept_without_outputs(self):
        book = nbformat.read(HERE / "hunt.ipynb", as_version=4)
        nbformat.validate(book)
        for cell in book.cells:
            if cell.cell_type == "code":
                self.assertEqual([], cell.outputs)
                self.assertIsNone(cell.execution_count)

    def test_bundled_events(self):
        book, got = run()
        events = DEMO / "events.xml.gz"
        want = lines(events, "--output", "findings")
        self.assertEqual([f["finding_id"] for f in want], [f["finding_id"] for f in got["found"]])
        for finding in want:  # the reasons were read in full
            self.assertAlmostEqual(finding["score"], got["bits"][finding["finding_id"]], places=6)
        self.assertEqual(3, len(figures(book)))
        self.check_tree(events, want, got)
        self.check_time(events, want, got)
        self.check_join(events, DEMO / "indicators.csv", got)
        planted = {row["root_process"].lower() for row in table(DEMO / "planted.csv") if row["public"] == "t"}
        hit = {f["root_process"].lower() for f in lines(events, "--output", "findings")
               if any(j["finding_id"] == f["finding_id"] and j["hits"] for j in got["joined"])}
        self.assertTrue(hit)
        self.assertLessEqual(hit, planted)  # the list has only what planted tasks have

    def check_tree(self, events, findings, got):
        """The drawing has the processes and connections of the tree, each below its parent."""
        shows = next(f["tree_id"] for f in findings if f["finding_id"] == got["finding"])
        tree = [r for r in lines(events) if r["tree_id"] == shows]
        self.assertEqual(collections.Counter(r["row"] == "node" for r in tree), collections.Counter(d["process"] for d in got["drawn"]))
        for place, one in enumerate(got["drawn"]):
            if one["parent"] is not None:
                above = got["drawn"][int(one["parent"])]
                self.assertTrue(above["process"] and one["parent"] < place and above["depth"] == one["depth"] - 1, one)
        self.assertEqual(1, sum(d["parent"] is None for d in got["drawn"]))

    def check_time(self, events, findings, got):
        """The contacts drawn are all there are, and the gaps between runs are of the period that the program found."""
        finding = next(f for f in findings if f["finding_id"] == got["beacon"])
        calls = [r for r in lines(events) if r["row"] == "connection" and r["finding_id"] == got["beacon"]]
        self.assertEqual(sum(r["connection_count"] for r in calls), got["calls"])
        self.assertLess(abs(statistics.median(got["gaps"]) * 60 / finding["beacon_period"] - 1), 0.1)
        self.assertEqual(max(f.get("beacon_score", 0) for f in findings), finding["beacon_score"])

    def check_join(self, events, mine, got):
        """Each entry against each row, one by one."""
        want = collections.defaultdict(set)
        entries = {row["indicator"].lower() for row in table(mine)}
        for row in lines(events):
            for entry in entries:
                if entry in (str(row.get(c, "")).lower() for c in ("remote_ip", "process_hash", "root_process")) or \
                        ("." + row.get("remote_host", "").lower()).endswith("." + entry):
                    want[row["finding_id"]].add(entry)
        self.assertEqual({k: sorted(v) for k, v in want.items()}, {j["finding_id"]: j["indicators"] for j in got["joined"] if j["hits"]})
        self.assertEqual(sorted(entries - set().union(*want.values())), got["unseen"])

    def test_another_fleet_and_list(self):
        """Nothing in it is made for the bundled events: Defender's, as CSV, and a list of one domain that is above many."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROGRAM, "sample", "--devices", "9", "--days", "2", "--seed", "31", "--format", "defender", folder + "/fleet"],
                           check=True, capture_output=True)
            names = sorted({r["remote_host"] for r in lines(folder + "/fleet") if "." in r.get("remote_host", "")})
            mine = pathlib.Path(folder, "mine.csv")
            mine.write_text("indicator,owner\n" + names[0].split(".", 1)[1].upper() + ",me\nnowhere.example.net,me\n", encoding="utf-8")
            book, got = run(SCHTASKHUNT_EVENTS=folder + "/fleet", SCHTASKHUNT_LIST=str(mine))
            want = lines(folder + "/fleet", "--output", "findings")
            self.assertEqual([f["finding_id"] for f in want], [f["finding_id"] for f in got["found"]])
            self.assertEqual(3, len(figures(book)))
            self.check_tree(folder + "/fleet", want, got)
            self.check_join(folder + "/fleet", mine, got)

    def test_processes_without_connections(self):
        """Events of processes only: no contact to draw, and still a ranking and a tree."""
        with tempfile.TemporaryDirectory() as folder:
            events = pathlib.Path(folder, "e.jsonl")
            base = json.loads((HERE.parent.parent / "testdata" / "first" / "events.jsonl").read_text(encoding="utf-8").split("\n")[0])
            hostile = "C:\\x\\$a$<b onload=alert(1)>\u202e\n\"q\".exe"
            events.write_text(json.dumps(base | {"Image": "C:\\x\\a.exe", "CommandLine": hostile}) + "\n", encoding="utf-8")
            book, got = run(SCHTASKHUNT_EVENTS=str(events))
            self.assertEqual(1, len(got["found"]))
            self.assertEqual(0, got["calls"])
            shown = json.dumps(figures(book)[:2], ensure_ascii=False)
            self.assertNotIn("\u202e", shown)
            self.assertNotIn("<b onload", shown)
            self.assertIn("&lt;b onload", shown)

    def test_nothing_found_is_said(self):
        with self.assertRaises(nbclient.exceptions.CellExecutionError) as caught:
            run(SCHTASKHUNT_OPTIONS="--recent all --min-score 1000")
        self.assertIn("no finding: the ledger above", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
