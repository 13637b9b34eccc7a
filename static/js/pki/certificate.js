// What a page has to know of a certificate: whose it is, by whom, for what, until when.
import { read } from "./der.js";

const ORGANIZATION = "2.5.4.10";
const COMMON_NAME = "2.5.4.3";
const KEY_USAGE = "2.5.29.15";
const POLICIES = "2.5.29.32";
const SIGNS = 0xc0;

function namePart(name, wanted) {
  const entries = name.children.flatMap((set) => set.children);
  return entries.find((entry) => entry.child(0).oid === wanted)?.child(1).text ?? "";
}

export function describe(der) {
  const parts = read(der).child(0).children;
  const shift = parts[0].tag === 0xa0 ? 1 : 0;
  const [serial, , issuer, validity, subject, key] = parts.slice(shift);
  const extensions = new Map();
  for (const entry of parts.find((part) => part.tag === 0xa3)?.child(0).children ?? []) {
    extensions.set(entry.child(0).oid, read(entry.children.at(-1).octets));
  }
  const usage = extensions.get(KEY_USAGE);
  return {
    der,
    serial: serial.raw,
    issuerName: issuer.raw,
    key: key.raw,
    // "name()" and a running number: only the name is for people.
    owner: namePart(subject, COMMON_NAME).split("()")[0],
    issuer: namePart(issuer, ORGANIZATION) || namePart(issuer, COMMON_NAME),
    startsAt: validity.child(0).date,
    endsAt: validity.child(1).date,
    policies: (extensions.get(POLICIES)?.children ?? []).map((policy) => policy.child(0).oid),
    canSign: !usage || (usage.content[1] & SIGNS) !== 0,
  };
}

/** Why a certificate cannot serve, as a code of errors.js, or "". */
export function faultOf(certificate, policies, now = new Date()) {
  if (!certificate.canSign) return "not-signing";
  if (certificate.policies.some((policy) => policies.personal.includes(policy))) return "personal";
  if (!certificate.policies.some((policy) => policies.company.includes(policy))) return "not-company";
  if (now < certificate.startsAt || now > certificate.endsAt) return "expired";
  return "";
}
