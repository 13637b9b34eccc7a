// Sign a text as CMS SignedData, by hand: a helper for DER and a sorted SET are all it takes.
import { NULL, concat, integer, objectIdentifier, octetString, sequence, setOf, tlv } from "./der.js";
import { digest, utf8 } from "./hashing.js";
import { SIGNS } from "./key-files.js";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const DATA = "1.2.840.113549.1.7.1";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const SHA256 = sequence(objectIdentifier("2.16.840.1.101.3.4.2.1"), NULL);
const ALGORITHMS = {
  "RSASSA-PKCS1-v1_5": sequence(objectIdentifier("1.2.840.113549.1.1.11"), NULL),
  ECDSA: sequence(objectIdentifier("1.2.840.10045.4.3.2")),
};

const attribute = (name, value) => sequence(objectIdentifier(name), tlv(0x31, value));
const utcTime = (date) => tlv(0x17, utf8(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));

/** WebCrypto gives r and s side by side; CMS wants them in a SEQUENCE. */
function asSequence(signature) {
  const half = signature.length / 2;
  const numbers = [signature.subarray(0, half), signature.subarray(half)].map((bytes) => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const bare = bytes.subarray(first);
    return tlv(0x02, bare[0] & 128 ? concat(Uint8Array.of(0), bare) : bare);
  });
  return sequence(...numbers);
}

export async function signText({ certificate, key }, text, now = new Date()) {
  const content = utf8(text);
  const named = sequence(sequence(sequence(octetString(await digest("SHA-256", certificate.der)))));
  const attributes = setOf(
    attribute(CONTENT_TYPE, objectIdentifier(DATA)),
    attribute(MESSAGE_DIGEST, octetString(await digest("SHA-256", content))),
    attribute(SIGNING_TIME, utcTime(now)),
    attribute(SIGNING_CERTIFICATE, named),
  );
  const way = key.algorithm.name;
  const raw = new Uint8Array(await crypto.subtle.sign(SIGNS[way], key, attributes));
  const signerInfo = sequence(
    integer(1),
    sequence(certificate.issuerName, certificate.serial),
    SHA256,
    concat(Uint8Array.of(0xa0), attributes.subarray(1)),
    ALGORITHMS[way],
    octetString(way === "ECDSA" ? asSequence(raw) : raw),
  );
  const signedData = sequence(
    integer(1),
    setOf(SHA256),
    sequence(objectIdentifier(DATA), tlv(0xa0, octetString(content))),
    tlv(0xa0, certificate.der),
    setOf(signerInfo),
  );
  return sequence(objectIdentifier(SIGNED_DATA), tlv(0xa0, signedData));
}
