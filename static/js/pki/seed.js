// SEED, decryption only (RFC 4269); key files are encrypted with it and browsers do not know it.
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const BOXES = [
  fromHex(
    "a985d6d3541dac255d43181e51fcca632844209de0e2c817a58f037bbb13d2ee" +
      "708c3fa832ddf674ec950b575c5bbd01241c739810ccf2d92ce772839bd186c9" +
      "6050a3eb0db69e4fb75ac678a612afd561c3b441527d8d081f9900190453f7e1" +
      "fd762f27b08b0eaba26e934d697c090abfeff3c58714fe64de2e4b1a06216b66" +
      "02f5928a0cb37ed07a4796e52680addfa13037ae36152238f4a7454c81e98497" +
      "35cbce3c7111c78975fbdaf8945982c4ff493967c0cfd7b80f8e4223916cdba4" +
      "34f148c26f3d2d40be3ebcc1aaba4e553bdc687f9cd84a5677a0ed46b52b65fa" +
      "e3b9b19f5ef9e6b231ea6d5fe4f0cd88163a58d462290733e81b0579906a2a9a",
  ),
  fromHex(
    "38e82da6cfdeb3b8af6055c7446f6b5bc36233b529a0e2a7d39111061cbc364b" +
      "ef886ca817c416f4c245e1d63f3d8e98284ef63ea5f90ddfd82b667a272ff172" +
      "42d441c07367ac8bf7ad801fca2caa34d20beee95d9418f857ae08c513cd86b9" +
      "ff7dc131f58a6ab1d120d7022204687107db9d9961bee659dd5190dc9aa3abd0" +
      "810f471ae3ec8dbf967b5ca2a163234dc89e9c3a0c2eba6e9f5af292f34978cc" +
      "15fb70757f351003646dc674d5b4ea097619fe4012e0bd05fa01f02a5ea95643" +
      "8514899bb0e5487997fc1e82218c1b5f7754b21d254f0046ed5852eb7edac9fd" +
      "3095653cb6e4bb7c0e5039263284699337e724a4cb530a87d94c838fce3b4ab7",
  ),
];
const MASKS = [0xfc, 0xf3, 0xcf, 0x3f];
const ROUNDS = 16;

function mix(value) {
  const boxed = [0, 1, 2, 3].map((place) => BOXES[place & 1][(value >>> (8 * place)) & 255]);
  let mixed = 0;
  for (let out = 0; out < 4; out += 1) {
    let byte = 0;
    for (let place = 0; place < 4; place += 1) byte ^= boxed[place] & MASKS[(place + out) & 3];
    mixed |= byte << (8 * out);
  }
  return mixed;
}

function roundKeys(key) {
  const view = new DataView(key.buffer, key.byteOffset, 16);
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => view.getInt32(at));
  let constant = 0x9e3779b9 | 0;
  const keys = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    keys.push([mix((a + c - constant) | 0), mix((b - d + constant) | 0)]);
    if (round % 2 === 0) [a, b] = [(a >>> 8) | (b << 24), (b >>> 8) | (a << 24)];
    else [c, d] = [(c << 8) | (d >>> 24), (d << 8) | (c >>> 24)];
    constant = (constant << 1) | (constant >>> 31);
  }
  return keys;
}

function scramble(c, d, [first, second]) {
  let left = c ^ first;
  let right = mix(d ^ second ^ left);
  left = mix((left + right) | 0);
  right = mix((right + left) | 0);
  return [(left + right) | 0, right];
}

/** A function that decrypts one block of 16 bytes. */
export function seed(key) {
  const keys = roundKeys(key).reverse();
  return (block) => {
    const view = new DataView(block.buffer, block.byteOffset, 16);
    let [l0, l1, r0, r1] = [0, 4, 8, 12].map((at) => view.getInt32(at));
    for (const pair of keys) {
      const [c, d] = scramble(r0, r1, pair);
      [l0, l1, r0, r1] = [r0, r1, l0 ^ c, l1 ^ d];
    }
    const plain = new DataView(new ArrayBuffer(16));
    [r0, r1, l0, l1].forEach((word, index) => plain.setInt32(4 * index, word));
    return new Uint8Array(plain.buffer);
  };
}
