// What a linter of Dockerfiles has against a file, as a JSON list.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_PATH + "/");
const { validate } = require("dockerfile-utils");

console.log(JSON.stringify(validate(readFileSync(process.argv[2], "utf8")).map((problem) => problem.message)));
