// Bundles src/ into a folder: node build.mjs MODULES OUT. MODULES is the folder that `npm ci` filled.
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [modules, out] = process.argv.slice(2).map((folder) => resolve(folder));
const { build } = createRequire(join(modules, "package.json"))("esbuild");

// The library gives every message the same id, and hangs its style on it. Ids must be unique: a class, three times, wins as well.
const noSharedId = {
  name: "no shared id",
  setup(bundle) {
    bundle.onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/](index\.mjs|style\.css)$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const css = path.endsWith(".css");
      const found = css ? "#slack_blocks_to_jsx" : 'id:"slack_blocks_to_jsx",';
      if (!text.includes(found)) throw new Error(`${path} no longer has ${found}`);
      return { contents: text.replaceAll(found, css ? ".slack_blocks_to_jsx".repeat(3) : ""), loader: css ? "css" : "js" };
    });
  },
};

await mkdir(out, { recursive: true });
await build({
  entryPoints: { page: join(here, "src", "main.tsx") },
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  nodePaths: [join(modules, "node_modules")],
  plugins: [noSharedId],
  logLevel: "warning",
});
for (const file of ["index.html", "icon.svg"]) await copyFile(join(here, "src", file), join(out, file));
