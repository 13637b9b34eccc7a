// Read and write DER, as much as certificates and key files need.
import { fail } from "./errors.js";

const MAX_DEPTH = 30;

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** One element: tag, content, the bytes of the whole, and its children where it has some. */
class Node {
  constructor(tag, content, raw, depth) {
    this.tag = tag;
    this.content = content;
    this.raw = raw;
    this.depth = depth;
  }

  get children() {
    if (!(this.tag & 0x20)) fail("damaged");
    if (!this.parsed) this.parsed = readAll(this.content, this.depth + 1);
    return this.parsed;
  }

  /** The child at a place; a file that lacks it is damaged. */
  child(index) {
    return this.children[index] ?? fail("damaged");
  }

  get isNull() {
    return this.tag === 5;
  }

  get oid() {
    if (this.tag !== 6 || !this.content.length) fail("damaged");
    const arcs = [];
    let value = 0;
    for (const byte of this.content) {
      value = value * 128 + (byte & 127);
      if (byte & 128) continue;
      if (!arcs.length) arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
      else arcs.push(value);
      value = 0;
    }
    return arcs.join(".");
  }

  get integer() {
    if (this.tag !== 2 || !this.content.length || this.content.length > 5) fail("damaged");
    return this.content.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** The bytes of an OCTET STRING, put together where it came in pieces. */
  get octets() {
    if (this.tag & 0x20) return concat(...this.children.map((piece) => piece.octets));
    if (this.tag !== 4 && this.tag !== 0x80) fail("damaged");
    return this.content;
  }

  /** The bytes of a BIT STRING without unused bits. */
  get bits() {
    if (this.tag !== 3 || this.content[0] !== 0) fail("damaged");
    return this.content.subarray(1);
  }

  get text() {
    if (this.tag === 0x1e) return new TextDecoder("utf-16be").decode(this.content);
    const encoding = this.tag === 0x14 ? "latin1" : "utf-8";
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(this.content);
    } catch {
      return new TextDecoder("euc-kr").decode(this.content);
    }
  }

  get date() {
    const found = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(this.text);
    if (!found) fail("damaged");
    const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
    const whole = found[1].length === 4 ? year : year + (year < 50 ? 2000 : 1900);
    return new Date(Date.UTC(whole, month - 1, day, hour, minute, second));
  }
}

function sizeAt(bytes, at) {
  const first = bytes[at];
  if (first === undefined || first === 0x80) fail("damaged");
  if (first < 0x80) return [first, at + 1];
  const count = first & 127;
  if (count > 4 || at + count >= bytes.length) fail("damaged");
  let size = 0;
  for (let index = 1; index <= count; index += 1) size = size * 256 + bytes[at + index];
  return [size, at + 1 + count];
}

function readAt(bytes, at, depth) {
  if (depth > MAX_DEPTH || at + 2 > bytes.length || (bytes[at] & 31) === 31) fail("damaged");
  const [size, start] = sizeAt(bytes, at + 1);
  const end = start + size;
  if (end > bytes.length) fail("damaged");
  return [new Node(bytes[at], bytes.subarray(start, end), bytes.subarray(at, end), depth), end];
}

function readAll(bytes, depth) {
  const nodes = [];
  let at = 0;
  while (at < bytes.length) {
    const [node, end] = readAt(bytes, at, depth);
    nodes.push(node);
    at = end;
  }
  return nodes;
}

/** Read one whole element; bytes behind it are a fault. */
export function read(bytes) {
  const [node, end] = readAt(bytes, 0, 0);
  if (end !== bytes.length) fail("damaged");
  return node;
}

export function tlv(tag, ...parts) {
  const body = concat(...parts);
  const size = [];
  for (let left = body.length; left > 0; left = Math.floor(left / 256)) size.unshift(left % 256);
  const head = body.length < 128 ? [body.length] : [128 | size.length, ...size];
  return concat(Uint8Array.of(tag, ...head), body);
}

export const sequence = (...parts) => tlv(0x30, ...parts);
export const octetString = (bytes) => tlv(0x04, bytes);
export const integer = (value) => tlv(0x02, Uint8Array.of(value));
export const NULL = Uint8Array.of(5, 0);

export function objectIdentifier(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const content = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const chunk = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      chunk.unshift(128 | (left % 128));
    }
    content.push(...chunk);
  }
  return tlv(0x06, Uint8Array.from(content));
}

function inOrder(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index += 1) {
    if (one[index] !== other[index]) return one[index] - other[index];
  }
  return one.length - other.length;
}

/** A SET OF: DER sorts its members by their bytes. */
export const setOf = (...parts) => tlv(0x31, ...parts.sort(inOrder));
