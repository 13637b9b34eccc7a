// Find certificates among chosen or dropped files: pairs by folder, and .pfx files.
import { describe } from "./certificate.js";
import { openKeyPair, openPfx } from "./key-files.js";

const MAX_BYTES = 200_000;
const MAX_FILES = 400;
const CERTIFICATE = /^(signcert|kmcert)\.der$|\.(cer|crt)$/i;
const KEY = /^(signpri|kmpri)\.key$|\.key$/i;
const PFX = /\.(pfx|p12)$/i;

const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);
const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

async function entriesIn(entry, path, found) {
  if (found.length >= MAX_FILES) return;
  if (entry.isFile) {
    found.push({ file: await new Promise((done, failed) => entry.file(done, failed)), path });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const batch = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!batch.length) return;
    for (const inner of batch) await entriesIn(inner, `${path}/${inner.name}`, found);
  }
}

/** Files of a drop, those in folders too. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await entriesIn(entry, entry.name, found);
  return found;
}

export function chosenFiles(list) {
  return [...list].slice(0, MAX_FILES).map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** One line of the table: what is known before the password, and how to open it. */
async function pairOf(certificate, keys) {
  const kind = /^km/i.test(certificate.file.name) ? /^km/i : /^(?!km)/i;
  const key = keys.find(
    (other) => folderOf(other.path) === folderOf(certificate.path) && kind.test(other.file.name),
  );
  if (!key) return null;
  const der = await bytesOf(certificate.file);
  try {
    const facts = describe(der);
    return { kind: "파일", facts, open: async (word) => openKeyPair(der, await bytesOf(key.file), word) };
  } catch {
    return { kind: "파일", name: certificate.path, fault: "damaged" };
  }
}

/** Return the certificates among files; signing pairs first. */
export async function certificatesAmong(files) {
  const usable = files.filter(({ file }) => file.size > 0 && file.size <= MAX_BYTES);
  const keys = usable.filter(({ file }) => KEY.test(file.name));
  const found = [];
  for (const one of usable) {
    if (PFX.test(one.file.name)) {
      found.push({
        kind: "PFX",
        name: one.file.name,
        open: async (word) => openPfx(await bytesOf(one.file), word),
      });
    } else if (CERTIFICATE.test(one.file.name)) {
      const pair = await pairOf(one, keys);
      if (pair) found.push(pair);
    }
  }
  return found.sort((a, b) => Number(b.facts?.canSign ?? true) - Number(a.facts?.canSign ?? true));
}
