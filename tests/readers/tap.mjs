// What a TAP parser of another project reads of a file, in its strict mode: one JSON object.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_PATH + "/");
const { Parser } = require("tap-parser");

const parser = new Parser({ strict: true });
const points = [];
const extra = [];
let plan = null, version = null, bailout = null, summary = null;
parser.on("version", (found) => (version = found));
parser.on("plan", (found) => (plan = found));
parser.on("assert", (point) => points.push(point));
parser.on("extra", (line) => extra.push(line));
parser.on("bailout", (reason) => (bailout = reason));
parser.on("complete", (found) => (summary = found));
parser.end(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify({ version, plan, points, extra, bailout, failures: summary.failures.length, ok: summary.ok }));
