// Hashes and key derivations by WebCrypto; SHA-1 is what the formats prescribe.
import { concat } from "./der.js";
import { fail } from "./errors.js";

const MAX_ROUNDS = 2_000_000;

// WebCrypto takes buffers that nobody shares, so that each is handed a copy.
const copy = (bytes) => Uint8Array.from(bytes);
export const utf8 = (text) => new TextEncoder().encode(text);

export async function digest(name, bytes) {
  return new Uint8Array(await crypto.subtle.digest(name, copy(bytes)));
}

export function rounds(node) {
  const count = node.integer;
  if (count < 1 || count > MAX_ROUNDS) fail("damaged");
  return count;
}

/** Hash again and again, as PBKDF1 and PKCS#12 do. */
export async function iteratedSha1(bytes, count) {
  let hashed = copy(bytes);
  for (let round = 0; round < count; round += 1) {
    hashed = new Uint8Array(await crypto.subtle.digest("SHA-1", hashed));
  }
  return hashed;
}

export async function pbkdf2(password, salt, count, hash, size) {
  const base = await crypto.subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
  const way = { name: "PBKDF2", hash, salt: copy(salt), iterations: count };
  return new Uint8Array(await crypto.subtle.deriveBits(way, base, size * 8));
}

function filled(bytes, block) {
  const whole = new Uint8Array(block * Math.ceil(bytes.length / block));
  return whole.map((_, index) => bytes[index % bytes.length]);
}

/** RFC 7292 appendix B with SHA-1: a password becomes a key (1), a start (2) or a MAC key (3). */
export async function pkcs12Key(password, salt, count, use, size) {
  const block = 64;
  const word = new Uint8Array(2 * password.length + 2);
  for (let index = 0; index < password.length; index += 1) {
    word[2 * index] = password.charCodeAt(index) >> 8;
    word[2 * index + 1] = password.charCodeAt(index) & 255;
  }
  const state = concat(filled(salt, block), filled(word, block));
  const mark = new Uint8Array(block).fill(use);
  let found = new Uint8Array();
  while (found.length < size) {
    const hashed = await iteratedSha1(concat(mark, state), count);
    found = concat(found, hashed);
    for (let start = 0; start < state.length; start += block) {
      let carry = 1;
      for (let at = block - 1; at >= 0; at -= 1) {
        carry += state[start + at] + hashed[at % 20];
        state[start + at] = carry & 255;
        carry >>= 8;
      }
    }
  }
  return found.subarray(0, size);
}
