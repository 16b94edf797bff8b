// Lambda's runtime loop, in its smallest form: AWS's own, aws-lambda-ric, builds a native addon
// with sources that its installation downloads, which a pinned set-up cannot have. It starts no
// slower than this one could.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true });
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function exchange(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, agent }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => resolve({ headers: answer.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

export async function serve(handler) {
  for (;;) {
    const next = await exchange("GET", "/next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      const result = await handler(JSON.parse(next.text));
      await exchange("POST", `/${id}/response`, JSON.stringify(result));
    } catch (error) {
      const report = { errorType: error.name, errorMessage: error.message };
      await exchange("POST", `/${id}/error`, JSON.stringify(report));
    }
  }
}
