// What a Markdown parser of another project (GitHub's flavour) sees in a file: its kinds of token, and its HTML.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_PATH + "/");
const { marked } = require("marked");

const text = readFileSync(process.argv[2], "utf8");
const seen = { kinds: {}, html: [], text: [], rows: [] };
marked.walkTokens(marked.lexer(text, { gfm: true }), (token) => {
  seen.kinds[token.type] = (seen.kinds[token.type] ?? 0) + 1;
  if (token.type === "html") seen.html.push(token.raw.trim());
  if ((token.type === "text" || token.type === "escape") && !token.tokens) seen.text.push(token.text);
  if (token.type === "table") seen.rows.push(...token.rows.map((row) => row.length));
});
console.log(JSON.stringify({ ...seen, rendered: marked.parse(text, { gfm: true }) }));
