// Open signPri.key beside its certificate, or a .pfx; R, the secret number, comes out with the key.
import { integer, octetString, read, sequence } from "./der.js";
import { decrypt } from "./decryption.js";
import { describe } from "./certificate.js";
import { KeyFileError, fail } from "./errors.js";
import { pkcs12Key, rounds } from "./hashing.js";

const RANDOM_NUMBER = "1.2.410.200004.10.1.1.3";
const RSA = "1.2.840.113549.1.1.1";
const ELLIPTIC = "1.2.840.10045.2.1";
const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
const SHA1 = "1.3.14.3.2.26";
const IMPORTS = {
  [RSA]: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  [ELLIPTIC]: { name: "ECDSA", namedCurve: "P-256" },
};
export const SIGNS = {
  "RSASSA-PKCS1-v1_5": "RSASSA-PKCS1-v1_5",
  ECDSA: { name: "ECDSA", hash: "SHA-256" },
};

function secretOf(attributes) {
  for (const attribute of attributes.children) {
    if (attribute.child(0).oid === RANDOM_NUMBER) {
      return Uint8Array.from(attribute.child(1).child(0).bits);
    }
  }
  return null;
}

/** Take a PrivateKeyInfo apart; one without its structure was opened with a wrong password. */
function takeApart(plain) {
  let parts;
  try {
    parts = read(plain).children;
    if (parts.length < 3 || parts[0].tag !== 2 || parts[2].tag !== 4) fail("password");
  } catch {
    fail("password");
  }
  const attributes = parts.slice(3).find((part) => part.tag === 0xa0);
  return {
    algorithm: parts[1].child(0).oid,
    // Without the attributes: an importer need not accept them.
    bare: sequence(integer(0), parts[1].raw, octetString(parts[2].octets)),
    secret: attributes ? secretOf(attributes) : null,
  };
}

async function identityOf(certificateBytes, plain) {
  const certificate = describe(Uint8Array.from(certificateBytes));
  const { algorithm, bare, secret } = takeApart(plain);
  const way = IMPORTS[algorithm] ?? fail("unsupported");
  let key;
  try {
    key = await crypto.subtle.importKey("pkcs8", bare, way, false, ["sign"]);
  } catch {
    fail("damaged");
  } finally {
    bare.fill(0);
    plain.fill(0);
  }
  const spki = Uint8Array.from(certificate.key);
  const pair = await crypto.subtle.importKey("spki", spki, way, false, ["verify"]);
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const signature = await crypto.subtle.sign(SIGNS[way.name], key, probe);
  if (!(await crypto.subtle.verify(SIGNS[way.name], pair, signature, probe))) fail("mismatch");
  return { certificate, key, secret: secret ?? fail("no-secret") };
}

/** Whatever a damaged file makes go wrong is told as damage. */
const guarded = (open) => async (...inputs) => {
  try {
    return await open(...inputs);
  } catch (error) {
    throw error instanceof KeyFileError ? error : new KeyFileError("damaged");
  }
};

export const openKeyPair = guarded(async (certificateBytes, keyBytes, password) => {
  const [algorithm, data] = read(keyBytes).children;
  return identityOf(certificateBytes, await decrypt(algorithm, data.octets, password));
});

async function checkMac(mac, content, password) {
  const [digestInfo, salt, count] = mac.children;
  // A MAC by SHA-2 is left to the padding and the structure of the key bag.
  if (digestInfo.child(0).child(0).oid !== SHA1) return;
  const raw = await pkcs12Key(password, salt.octets, count ? rounds(count) : 1, 3, 20);
  const way = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", Uint8Array.from(raw), way, false, ["verify"]);
  const given = Uint8Array.from(digestInfo.child(1).octets);
  if (!(await crypto.subtle.verify("HMAC", key, given, Uint8Array.from(content)))) fail("password");
}

async function bagsOf(info, password) {
  const name = info.child(0).oid;
  if (name === DATA) return read(info.child(1).child(0).octets).children;
  if (name !== ENCRYPTED_DATA) fail("unsupported");
  const [, algorithm, data] = info.child(1).child(0).child(1).children;
  return read(await decrypt(algorithm, data.octets, password)).children;
}

function localIdOf(bag) {
  const entries = bag.children[2]?.children ?? [];
  const found = entries.find((entry) => entry.child(0).oid === LOCAL_KEY_ID);
  return found ? found.child(1).child(0).octets.join() : "";
}

async function contentOf(pfx, password) {
  const [, outer, mac] = read(pfx).children;
  if (outer.child(0).oid !== DATA) fail("unsupported");
  const content = outer.child(1).child(0).octets;
  if (mac) await checkMac(mac, content, password);
  const certificates = [];
  let key = null;
  for (const info of read(content).children) {
    for (const bag of await bagsOf(info, password)) {
      const value = bag.child(1).child(0);
      const [kind, id] = [bag.child(0).oid, localIdOf(bag)];
      if (kind === CERTIFICATE_BAG) certificates.push({ id, der: value.child(1).child(0).octets });
      else if (kind === KEY_BAG) key = { id, plain: Uint8Array.from(value.raw) };
      else if (kind === SHROUDED_KEY_BAG) {
        key = { id, plain: await decrypt(value.child(0), value.child(1).octets, password) };
      }
    }
  }
  if (!key || !certificates.length) fail("damaged");
  return { key, certificates };
}

export const openPfx = guarded(async (pfx, password) => {
  const { key, certificates } = await contentOf(pfx, password);
  const own = certificates.find(({ id }) => id && id === key.id) ?? certificates[0];
  return identityOf(own.der, key.plain);
});
