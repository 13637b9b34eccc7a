// Stands for the page: reads cases from a JSON file, opens each key file and signs, tells the code.
import { readFile } from "node:fs/promises";
import process from "node:process";

const [source, cases] = process.argv.slice(2);
const part = (name) => import(`${source}/js/pki/${name}.js`);
const { openKeyPair, openPfx } = await part("key-files");
const { signText } = await part("cms");
const { describe, faultOf } = await part("certificate");
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const base64 = (found) => Buffer.from(found).toString("base64");

async function answerTo({ certificate, key, pfx, password, text, policies }) {
  const started = performance.now();
  try {
    const fault = certificate ? faultOf(describe(bytes(certificate)), policies) : "";
    if (fault) return { fault };
    const opened = pfx
      ? await openPfx(bytes(pfx), password)
      : await openKeyPair(bytes(certificate), bytes(key), password);
    const late = faultOf(opened.certificate, policies);
    if (late) return { fault: late };
    const cms = await signText(opened, text);
    const milliseconds = performance.now() - started;
    return { cms: base64(cms), secret: base64(opened.secret), owner: opened.certificate.owner, milliseconds };
  } catch (error) {
    return { fault: error.code ?? `${error}` };
  }
}

const answers = [];
for (const entry of JSON.parse(await readFile(cases, "utf-8"))) answers.push(await answerTo(entry));
process.stdout.write(JSON.stringify(answers));
