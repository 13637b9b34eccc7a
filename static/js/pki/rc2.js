// RC2, decryption only (RFC 2268): OpenSSL's older .pfx files hide certificates with it.
const TABLE = Uint8Array.from(
  (
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
  ).match(/../g),
  (pair) => parseInt(pair, 16),
);
const SHIFTS = [1, 2, 3, 5];

function expand(key, effectiveBits) {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  for (let at = key.length; at < 128; at += 1) {
    bytes[at] = TABLE[(bytes[at - 1] + bytes[at - key.length]) & 255];
  }
  const size = Math.ceil(effectiveBits / 8);
  bytes[128 - size] = TABLE[bytes[128 - size] & (255 >> (8 * size - effectiveBits))];
  for (let at = 127 - size; at >= 0; at -= 1) bytes[at] = TABLE[bytes[at + 1] ^ bytes[at + size]];
  return Array.from({ length: 64 }, (_, index) => bytes[2 * index] | (bytes[2 * index + 1] << 8));
}

/** A function that decrypts one block of 8 bytes. */
export function rc2(key, effectiveBits) {
  const keys = expand(key, effectiveBits);
  return (block) => {
    const words = [0, 1, 2, 3].map((index) => block[2 * index] | (block[2 * index + 1] << 8));
    for (let round = 15; round >= 0; round -= 1) {
      if (round === 10 || round === 4) {
        for (let at = 3; at >= 0; at -= 1) words[at] = (words[at] - keys[words[(at + 3) & 3] & 63]) & 0xffff;
      }
      for (let at = 3; at >= 0; at -= 1) {
        const [near, far, farthest] = [words[(at + 3) & 3], words[(at + 2) & 3], words[(at + 1) & 3]];
        const turned = (words[at] >> SHIFTS[at]) | (words[at] << (16 - SHIFTS[at]));
        words[at] = (turned - keys[4 * round + at] - (near & far) - (~near & farthest)) & 0xffff;
      }
    }
    return Uint8Array.from(words.flatMap((word) => [word & 255, word >> 8]));
  };
}
