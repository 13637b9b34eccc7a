// Bundle and minify the front end: node scripts/build_frontend.mjs SOURCE_DIR OUTPUT_DIR
//
// Entries are the files directly in css/ and js/; what they import lies in folders below. A built
// file keeps the name of its source, so that pages name one address whether it was built or not.
// css/fonts.css is left out: scripts/build_fonts.py writes the one with the real fonts.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";

const [source, output] = process.argv.slice(2).map((folder) => path.resolve(folder));
const NOT_BUNDLED = new Set(["fonts.css"]);

async function entries(kind) {
  const files = await readdir(path.join(source, kind), { withFileTypes: true }).catch(() => []);
  return files
    .filter((file) => file.isFile() && file.name.endsWith(`.${kind}`) && !NOT_BUNDLED.has(file.name))
    .map((file) => path.join(source, kind, file.name));
}

// Pictures and fonts stay where they are; their address is written anew, because a part two
// folders down ends up in a file one folder down.
const keepAssets = {
  name: "keep-assets",
  setup(bundler) {
    bundler.onResolve({ filter: /^[^/#]/ }, (request) => {
      if (request.kind !== "url-token" || request.path.startsWith("data:")) return undefined;
      const [file, mark = ""] = request.path.split(/(?=[#?])/);
      const fromRoot = path.relative(source, path.resolve(request.resolveDir, file));
      return { path: `../${fromRoot.split(path.sep).join("/")}${mark}`, external: true };
    });
  },
};

async function bundle(kind) {
  const found = await entries(kind);
  const outdir = path.join(output, kind);
  await mkdir(outdir, { recursive: true });
  const wanted = new Set(found.map((file) => path.basename(file)));
  for (const name of await readdir(outdir)) {
    if (!wanted.has(name) && !NOT_BUNDLED.has(name)) await rm(path.join(outdir, name));
  }
  if (found.length === 0) return;
  await build({
    entryPoints: found,
    outdir,
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: ["es2022", "chrome111", "firefox111", "safari16.4"],
    legalComments: "inline",
    logLevel: "warning",
    plugins: [keepAssets],
  });
  for (const name of wanted) {
    const { size } = await stat(path.join(outdir, name));
    console.log(`${kind}/${name}: ${(size / 1000).toFixed(1)} kB`);
  }
}

await bundle("css");
await bundle("js");
