// Undo the encryption of a key file, whichever of the usual ways it was made.
import { concat } from "./der.js";
import { fail } from "./errors.js";
import { digest, iteratedSha1, pbkdf2, pkcs12Key, rounds, utf8 } from "./hashing.js";
import { rc2 } from "./rc2.js";
import { seed } from "./seed.js";
import { tripleDes } from "./triple-des.js";

const PBE_SHA1_SEED = "1.2.410.200004.1.15";
const SEED_CBC = "1.2.410.200004.1.4";
const TRIPLE_DES_CBC = "1.2.840.113549.3.7";
const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const FIXED_START = "0123456789012345";
const HASHES = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};
const AES_SIZES = {
  "2.16.840.1.101.3.4.1.2": 16,
  "2.16.840.1.101.3.4.1.22": 24,
  "2.16.840.1.101.3.4.1.42": 32,
};
const KEY_SIZES = { [SEED_CBC]: 16, [TRIPLE_DES_CBC]: 24, ...AES_SIZES };
const PKCS12 = {
  "1.2.840.113549.1.12.1.3": [24, tripleDes],
  "1.2.840.113549.1.12.1.4": [16, (key) => tripleDes(concat(key, key.subarray(0, 8)))],
  "1.2.840.113549.1.12.1.5": [16, (key) => rc2(key, 128)],
  "1.2.840.113549.1.12.1.6": [5, (key) => rc2(key, 40)],
};

/** Undo CBC and take the padding off; padding that is none means a wrong password. */
function cbc(decrypt, block, start, data) {
  if (!data.length || data.length % block || start.length !== block) fail("damaged");
  const plain = new Uint8Array(data.length);
  let before = start;
  for (let at = 0; at < data.length; at += block) {
    const piece = data.subarray(at, at + block);
    decrypt(piece).forEach((byte, index) => (plain[at + index] = byte ^ before[index]));
    before = piece;
  }
  const pad = plain[plain.length - 1];
  if (pad < 1 || pad > block || plain.subarray(-pad).some((byte) => byte !== pad)) fail("password");
  return plain.subarray(0, plain.length - pad);
}

async function aesCbc(key, start, data) {
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
  try {
    const way = { name: "AES-CBC", iv: Uint8Array.from(start) };
    return new Uint8Array(await crypto.subtle.decrypt(way, imported, Uint8Array.from(data)));
  } catch {
    return fail("password");
  }
}

async function byPbes1(name, parameters, data, password) {
  const word = concat(utf8(password), parameters.child(0).octets);
  const derived = await iteratedSha1(word, rounds(parameters.child(1)));
  const start =
    name === PBE_SHA1_SEED
      ? (await digest("SHA-1", derived.subarray(16, 20))).subarray(0, 16)
      : utf8(FIXED_START);
  return cbc(seed(derived.slice(0, 16)), 16, start, data);
}

async function byPbes2(parameters, data, password) {
  const [derivation, encryption] = [parameters.child(0), parameters.child(1)];
  if (derivation.child(0).oid !== PBKDF2) fail("unsupported");
  const [salt, count, ...others] = derivation.child(1).children;
  const prf = others.find((node) => node.tag === 0x30);
  const hash = prf ? HASHES[prf.child(0).oid] : "SHA-1";
  const cipher = encryption.child(0).oid;
  if (!hash || !KEY_SIZES[cipher]) fail("unsupported");
  const start = encryption.child(1).octets;
  const key = await pbkdf2(password, salt.octets, rounds(count), hash, KEY_SIZES[cipher]);
  if (cipher === SEED_CBC) return cbc(seed(key), 16, start, data);
  if (cipher === TRIPLE_DES_CBC) return cbc(tripleDes(key), 8, start, data);
  return aesCbc(key, start, data);
}

/** Decrypt `data` by the AlgorithmIdentifier beside it. */
export async function decrypt(algorithm, data, password) {
  const name = algorithm.child(0).oid;
  if (name === PBE_SHA1_SEED || name === SEED_CBC) {
    return byPbes1(name, algorithm.child(1), data, password);
  }
  if (name === PBES2) return byPbes2(algorithm.child(1), data, password);
  if (!PKCS12[name]) fail("unsupported");
  const [size, cipher] = PKCS12[name];
  const [salt, count] = [algorithm.child(1).child(0).octets, rounds(algorithm.child(1).child(1))];
  const key = await pkcs12Key(password, salt, count, 1, size);
  return cbc(cipher(key), 8, await pkcs12Key(password, salt, count, 2, 8), data);
}
