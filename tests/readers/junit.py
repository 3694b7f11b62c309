"""What a JUnit parser of another project reads of a file: one JSON object a testcase."""
import json
import sys

from junitparser import Error, Failure, JUnitXml, Properties, Skipped

KINDS = {Failure: "failure", Error: "error", Skipped: "skipped"}

xml = JUnitXml.fromfile(sys.argv[1])
suites = list(xml)
cases = []
for suite in suites:
    for case in suite:
        results = [(KINDS[type(result)], result.message or "", result.text or "") for result in case.result]
        properties = {p.name: p.value for p in case.child(Properties)}
        cases.append({"name": case.name, "classname": case.classname, "time": case.time,
                      "results": results, "properties": properties})
print(json.dumps({"suites": len(suites), "tests": xml.tests, "failures": xml.failures, "errors": xml.errors,
                  "skipped": xml.skipped, "cases": cases}))
