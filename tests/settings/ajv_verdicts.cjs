// Reads a JSON array of texts on stdin, and prints a JSON array that says of each whether ajv, in
// strict mode, finds it right by the schema whose path is the argument.
// NODE_PATH is .peers/node_modules.
const fs = require("fs");
const Ajv2020 = require("ajv/dist/2020").default;

const schema = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const is_right = new Ajv2020({ strict: true, validateSchema: true }).compile(schema);
const texts = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => is_right(JSON.parse(text)))));
